"""A help desk is backed up while it works, and goes on elsewhere from that moment."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bson
import pytest

from cli.backup.manifest import read
from cli.desk import SERVICES
from cli.local.ports import free_ports
from cli.local.services import services, set_up
from cli.setup.secrets import environment_of
from shared.identifiers import earliest_id
from shared.store.documents import Document
from tests.conftest import clean
from tests.support import stack
from tests.support.brokers import Brokers
from tests.support.eventually import eventually
from tests.support.operator import Operator

Everything = dict[tuple[str, str], dict[Any, Document]]


PREFIX = "RELAYDESK_DATABASE_PREFIX"


@dataclass(frozen=True)
class Scene:
    """`meanwhile`: a backup that was made under load, `folder` one at rest; `before`: all documents at that moment;
    `unheard`: a ticket that sla had not heard of then."""

    meanwhile: Path
    folder: Path
    before: Everything
    unheard: str
    elsewhere: Operator
    secrets: Path


@pytest.fixture(scope="module")
def scene(the_brokers: Brokers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("backup")
    clean(the_brokers.amqp_url)
    with stack.running(the_brokers, tmp_path_factory.mktemp("helpdesk")) as helpdesk:
        operator = Operator.of(helpdesk)
        operator.opens_ticket("the first")
        command = [sys.executable, "-m", "cli.main", "seed", "--tickets", "60"]
        with subprocess.Popen(command, env={**os.environ, **operator.environment}, stdout=subprocess.DEVNULL) as seed:
            eventually(lambda: operator.reads("check", "--patience", "0")["counts"]["sla"]["clocks"] > 10)
            assert operator.types("backup", str(folder / "meanwhile")).code == 0
            assert seed.wait(60) == 0
        eventually(lambda: operator.types("check"), lambda answer: answer.code == 0, within=30)
        helpdesk.processes["sla-worker"].stop()
        words = ("--requester", "ana@example.com", "--subject", "unheard", "--text", "Nobody of sla has heard of me.")
        unheard = operator.reads("ticket", "submit", *words)["id"]
        eventually(lambda: operator.reads("ticket", "show", unheard), lambda ticket: ticket["assignee"])
        helpdesk.services.stop()
        assert operator.types("backup", str(folder / "whole")).code == 0
        before = everything(operator)
        elsewhere = operator.but(RELAYDESK_DATABASE_PREFIX=helpdesk.environment[PREFIX] + "_new")
        yield Scene(folder / "meanwhile", folder / "whole", before, unheard, elsewhere, helpdesk.secrets)
    clean(the_brokers.amqp_url)


def everything(operator: Operator) -> Everything:
    """All documents but the leases, which belong to the processes that held them."""
    found: Everything = {}
    with operator.store() as client:
        for service in SERVICES:
            database = operator.database(client, service)
            for name in database.list_collection_names():
                if name != "leases":
                    found[service, name] = {document["_id"]: document for document in database[name].find()}
    return found


def test_a_backup_that_was_changed_is_refused(scene: Scene, tmp_path: Path) -> None:
    files = {path.relative_to(scene.folder): path.read_bytes() for path in scene.folder.rglob("*") if path.is_file()}
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    tickets = tmp_path / "intake" / "tickets.bson.gz"
    tickets.write_bytes(tickets.read_bytes()[:-1])
    answer = scene.elsewhere.types("restore", str(tmp_path))
    assert answer.code == 1
    assert "tickets.bson.gz is missing or not as it was written: use another backup." in answer.err
    (tmp_path / "manifest.json").unlink()
    assert "it is no backup, or one that was not finished" in scene.elsewhere.types("restore", str(tmp_path)).err


def test_the_manifest_counts_and_a_folder_that_is_in_use_is_refused(scene: Scene) -> None:
    manifest = json.loads((scene.folder / "manifest.json").read_text())
    counts = {(part["service"], part["collection"]): part["documents"] for part in manifest["parts"]}
    assert counts["intake", "tickets"] == 62
    assert {pair: len(documents) for pair, documents in scene.before.items()}.items() <= counts.items()
    answer = scene.elsewhere.types("backup", str(scene.folder))
    assert (answer.code, answer.err) == (1, f"Error: {scene.folder} is not empty: name a new folder.\n")


def test_it_is_restored_document_by_document_and_the_system_goes_on(scene: Scene, tmp_path: Path) -> None:
    with scene.elsewhere.store() as client:
        sla = scene.elsewhere.database(client, "sla")
        sla["clocks"].insert_one({"_id": "somebody's"})
        refused = scene.elsewhere.types("restore", str(scene.folder))
        assert refused.code == 1
        assert f"{sla.name}.clocks is not empty" in refused.err
        sla["clocks"].drop()

        assert scene.elsewhere.types("restore", str(scene.folder)).code == 0
        assert everything(scene.elsewhere) == scene.before
        lease = scene.elsewhere.database(client, "intake")["leases"].find_one({"_id": "relay"})
        assert lease is not None
        assert "token" not in lease
        assert lease["published_id"] == earliest_id(lease["published_at"])

        again = scene.elsewhere.types("restore", str(scene.folder))
        assert again.code == 1
        assert "is not empty: restore before `relaydesk setup` and before any service runs" in again.err

    ports = free_ports(4)
    set_up({**scene.elsewhere.environment, **environment_of(scene.secrets, "setup")}, scene.secrets)
    own = {service: environment_of(scene.secrets, service) for service in SERVICES}
    four = services(tmp_path, scene.elsewhere.environment, own, ports)
    urls = {f"RELAYDESK_{service.upper()}_URL": url for service, url in four.urls.items()}
    operator = scene.elsewhere.but(**urls)
    four.start()
    try:
        four.wait_ready(operator.environment["RELAYDESK_API_KEY"])
        eventually(lambda: operator.reads("ticket", "show", scene.unheard), lambda ticket: ticket["targets"])
        eventually(lambda: operator.types("check", "--patience", "5"), lambda answer: answer.code == 0, within=40)
        assert operator.reads("check")["counts"]["sla"]["clocks"] == 62
        operator.opens_ticket("after the restore")
    finally:
        four.stop()


def test_a_restore_that_was_stopped_goes_on(scene: Scene) -> None:
    halfway = scene.elsewhere.but(RELAYDESK_DATABASE_PREFIX=scene.elsewhere.environment[PREFIX] + "2")
    with halfway.store() as client:
        assert halfway.types("restore", str(scene.folder)).code == 0
        intake = halfway.database(client, "intake")
        intake["tickets"].delete_many({"subject": {"$ne": "unheard"}})  # as if it had come this far
        intake["entries"].drop()
        intake["unfinished_restore"].insert_one({"_id": "of another backup"})
        assert "The restore of another backup was begun here" in halfway.types("restore", str(scene.folder)).err
        assert "a restore was begun and not finished" in halfway.types("check", "--patience", "0").out
        intake["unfinished_restore"].drop()
        intake["unfinished_restore"].insert_one({"_id": read(scene.folder).id})
        assert halfway.types("restore", str(scene.folder)).code == 0
    assert everything(halfway) == scene.before


def test_what_was_written_meanwhile_is_in_it_wholly_or_not_at_all(scene: Scene) -> None:
    said = {name for service in SERVICES for name in ids(scene.meanwhile, service, "event_log")}
    heard = {name for service in SERVICES for name in ids(scene.meanwhile, service, "inbox")}
    assert heard
    assert heard <= said
    for held in ("assignment/assignments", "sla/clocks"):
        assert ids(scene.meanwhile, *held.split("/")) <= ids(scene.meanwhile, "intake", "tickets")
    assert len(ids(scene.meanwhile, "intake", "tickets")) < len(scene.before["intake", "tickets"])


def ids(folder: Path, service: str, collection: str) -> set[Any]:
    with gzip.open(folder / service / f"{collection}.bson.gz") as file:
        return {document["_id"] for document in bson.decode_all(file.read())}
