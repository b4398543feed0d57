"""The examples of docs/integrate.md, run as they stand, with the accounts that a stranger's system gets."""

import json
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pika
import pytest

from cli.local.processes import Child
from tests.e2e.conftest import Accounts
from tests.support.eventually import eventually
from tests.support.stack import Helpdesk

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / "examples" / "python"
FROZEN = ROOT / "shared" / "events" / "examples"
Listening = Callable[..., Child]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the Node examples with what they need."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not installed")
    folder = tmp_path_factory.mktemp("node") / "examples"
    shutil.copytree(ROOT / "examples" / "node", folder)
    command = ["npm", "ci", "--prefer-offline", "--no-audit", "--no-fund", "--fetch-retries=0"]
    installed = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=90, check=False)
    if installed.returncode:
        pytest.skip(f"npm could not install amqplib: {installed.stderr[-300:]}")
    return folder


@pytest.fixture
def listening(helpdesk: Helpdesk, tmp_path: Path) -> Iterator[Listening]:
    """Starts a listener and waits until its queue is bound; at the end it is stopped, and its queue is gone."""
    with ExitStack() as leaving:

        def start(name: str, *command: str | Path) -> Child:
            child = Child(name, [str(part) for part in command], {}, tmp_path / f"{name}.log")
            leaving.callback(_delete_queue, helpdesk, name)
            leaving.callback(child.kill)
            child.start()
            child.wait_ready(lambda: f"listening on listener.{name}" in child.log.read_text())
            return child

        yield start


@pytest.fixture
def reference() -> str:
    return f"alarm-{uuid.uuid4().hex[:8]}"


def test_a_system_in_python_opens_a_ticket_once_and_follows_it(
    helpdesk: Helpdesk, accounts: Accounts, listening: Listening, tmp_path: Path, reference: str
) -> None:
    database = tmp_path / "tickets.db"
    listener = listening("follower", sys.executable, PYTHON / "listen.py", accounts.listener, "follower", database)
    number = submitted(sys.executable, PYTHON / "submit.py", accounts.submitter, reference, "db-3 does not answer")
    again = submitted(sys.executable, PYTHON / "submit.py", accounts.submitter, reference, "db-3 does not answer")
    assert again == number
    eventually(lambda: tickets(database), lambda found: (number, "new", "db-3 does not answer") in found)
    listener.kill()
    [ticket] = [t for t in helpdesk.client("intake").get("/v1/tickets")["data"] if t["number"] == number]
    helpdesk.client("intake").post(f"/v1/tickets/{ticket['id']}/resolve", resolution="It was unplugged.")
    listener.start()
    eventually(lambda: tickets(database), lambda found: (number, "resolved", "db-3 does not answer") in found)


def test_a_system_in_node_resolves_what_was_opened_and_follows_it(
    helpdesk: Helpdesk, accounts: Accounts, listening: Listening, node: Path, tmp_path: Path, reference: str
) -> None:
    archive = tmp_path / "events.jsonl"
    listener = listening("archive", "node", node / "listen.mjs", accounts.listener, "archive", archive)
    number = submitted(sys.executable, PYTHON / "submit.py", accounts.submitter, reference, "db-3 does not answer")
    assert submitted("node", node / "submit.mjs", accounts.submitter, reference, "db-3 answers again") == number
    assert submitted("node", node / "submit.mjs", accounts.submitter, reference, "db-3 answers again") == number
    eventually(listener.log.read_text, lambda said: f"{number} ticket.resolved" in said)
    heard = [event["type"] for event in events(archive) if event["data"]["ticket"]["number"] == number]
    assert sorted(set(heard)) == ["ticket.assigned", "ticket.created", "ticket.resolved"]
    assert len(heard) == 3


def test_a_refused_submission_says_why(accounts: Accounts, node: Path, reference: str) -> None:
    assert run(sys.executable, PYTHON / "submit.py", accounts.submitter, reference, "x" * 301) == (
        1, "", "subject: Length must be between 1 and 300. (Send a value that keeps the rule.)",
    )  # fmt: skip
    assert run("node", node / "submit.mjs", accounts.submitter, reference, "It was nothing.") == (
        1, "", "external_reference: must name a ticket that there is (Send ticket.submit to open one.)",
    )  # fmt: skip


def test_what_python_hears_twice_or_late_changes_nothing(
    helpdesk: Helpdesk, accounts: Accounts, listening: Listening, tmp_path: Path
) -> None:
    database = tmp_path / "tickets.db"
    listening("table", sys.executable, PYTHON / "listen.py", accounts.listener, "table", database)
    closed, created = said("ticket.closed", 3, "first"), said("ticket.created", 1, "first")
    deliver(helpdesk, "table", closed, created, closed, said("ticket.created", 1, "last"))
    found = eventually(lambda: tickets(database), lambda found: len(found) == 2)
    assert found == [("first", "closed", "VPN drops every hour"), ("last", "new", "VPN drops every hour")]


def test_what_node_hears_twice_or_late_is_kept_once(
    helpdesk: Helpdesk, accounts: Accounts, listening: Listening, node: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "events.jsonl"
    closed, created = said("ticket.closed", 3, "first"), said("ticket.created", 1, "first")
    archive.write_text(json.dumps(closed) + "\n")  # heard before it was started again
    listener = listening("lines", "node", node / "listen.mjs", accounts.listener, "lines", archive)
    deliver(helpdesk, "lines", closed, created, created, said("ticket.created", 1, "last"))
    log = eventually(listener.log.read_text, lambda said: "last ticket.created" in said)
    assert log.splitlines()[1:] == ["first ticket.created, late", "last ticket.created"]
    assert [event["type"] for event in events(archive)] == ["ticket.closed", "ticket.created", "ticket.created"]


def run(*command: str | Path) -> tuple[int, str, str]:
    ended = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60, check=False)
    return ended.returncode, ended.stdout.strip(), ended.stderr.strip()


def submitted(*command: str | Path) -> str:
    """The number of the ticket that an accepted submission is about."""
    code, out, complaints = run(*command)
    assert (code, complaints) == (0, "")
    return out.removeprefix("ticket ")


def tickets(database: Path) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("SELECT number, status, subject FROM tickets ORDER BY number").fetchall()


def events(archive: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read_text().splitlines()]


def said(event_type: str, sequence: int, ticket: str) -> dict[str, Any]:
    """An event about a ticket of that id and number."""
    event: dict[str, Any] = json.loads((FROZEN / f"{event_type}.json").read_text())
    event |= {"id": f"{ticket}-{sequence}", "subject": ticket, "sequence": sequence}
    event["data"]["ticket"] |= {"id": ticket, "number": ticket}
    return event


def deliver(helpdesk: Helpdesk, name: str, *events: dict[str, Any]) -> None:
    with pika.BlockingConnection(pika.URLParameters(helpdesk.brokers.amqp_url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        for event in events:
            channel.basic_publish("", f"listener.{name}", json.dumps(event).encode())


def _delete_queue(helpdesk: Helpdesk, name: str) -> None:
    with pika.BlockingConnection(pika.URLParameters(helpdesk.brokers.amqp_url)) as connection:
        connection.channel().queue_delete(f"listener.{name}")
