"""The compose file itself: built, set up, started, and one ticket's life through it."""

import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cli.client import Client, Refused, Unreachable
from cli.local.ports import free_ports
from tests.support import brokers
from tests.support.eventually import eventually

ROOT = Path(__file__).parents[2]
APIS = ("intake", "assignment", "sla", "notify")
HOST_NETWORK = "services: {secrets: {build: {network: host}}}\n"  # where only the host reaches the package index

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        brokers.source() != "testcontainers" or not shutil.which("docker"), reason="needs a Docker engine"
    ),
]


@dataclass(frozen=True)
class Compose:
    files: tuple[str, ...]
    environment: dict[str, str]
    ports: dict[str, int]
    clients: list[Client] = field(default_factory=list)

    def __call__(self, *arguments: str) -> str:
        command = ["docker", "compose", "-p", "relaydesk-test", *self.files, "--profile", "demo", *arguments]
        surroundings = {**os.environ, **self.environment}
        result = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr[-3000:]
        return result.stdout

    def client(self, service: str, key: str, agent: str | None = None) -> Client:
        self.clients.append(Client(f"http://127.0.0.1:{self.ports[service]}", key, agent))
        return self.clients[-1]


@pytest.fixture(scope="module")
def compose(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compose]:
    override = tmp_path_factory.mktemp("compose") / "override.yml"
    override.write_text(HOST_NETWORK)
    ports = dict(zip(APIS, free_ports(4), strict=True))
    environment = {f"RELAYDESK_{name.upper()}_PORT": str(port) for name, port in ports.items()}
    found = Compose(("-f", "docker-compose.yml", "-f", str(override)), environment, ports)
    try:
        found("build", "secrets")
        found("up", "-d", "--wait")
        yield found
    finally:
        for client in found.clients:
            client.close()
        found("down", "--volumes", "--timeout", "5")


@pytest.fixture(scope="module")
def key(compose: Compose) -> str:
    return next(word for word in compose("logs", "--no-log-prefix", "setup").split() if word.startswith("rdk_"))


def _open(intake: Client, subject: str) -> dict[str, Any]:
    requester = {"address": "ana@payroll.example", "name": "Ana Ruiz"}
    made: dict[str, Any] = intake.post(
        "/v1/tickets", requester=requester, subject=subject, text="Hourly.", topic="network"
    )
    return made


def test_a_ticket_lives_its_life(compose: Compose, key: str) -> None:
    intake = compose.client("intake", key)
    ticket = _open(intake, "VPN drops")
    place = f"/v1/tickets/{ticket['id']}"
    eventually(lambda: intake.get(place), lambda seen: seen["assignee"] and seen["targets"], within=60)
    agent = compose.client("intake", key, intake.get(place)["assignee"]["id"])
    agent.post(place + "/replies", text="Which gateway?")
    agent.post(place + "/resolve", resolution="A new certificate.")
    intake.post(place + "/rating", score=5)
    assert intake.get(place)["rating"] == 5
    mails = ["exec", "-T", "mail-catcher", "ls", "/var/lib/relaydesk/mails"]
    eventually(lambda: compose(*mails).count("ana@payroll.example"), lambda count: count == 3, within=60)
    clock = compose.client("sla", key).get(f"/v1/clocks/{ticket['id']}")
    assert {target["state"] for target in clock["targets"].values()} == {"met"}


def test_workers_are_scaled_and_a_ticket_has_one_clock(compose: Compose, key: str) -> None:
    compose("up", "-d", "--no-recreate", "--scale", "sla-worker=2", "--wait", "sla-worker")
    intake = compose.client("intake", key)
    ticket = _open(intake, "Two workers")
    eventually(lambda: intake.get(f"/v1/tickets/{ticket['id']}"), lambda seen: len(seen["targets"]) == 2, within=60)


def test_an_api_that_is_started_anew_loses_nothing_that_it_accepted(compose: Compose, key: str) -> None:
    intake = compose.client("intake", key)
    before = [_open(intake, f"Before {n}")["id"] for n in range(5)]
    compose("restart", "intake-api", "intake-worker")

    def reopened() -> dict[str, Any] | None:
        try:
            return _open(intake, "After")
        except (Refused, Unreachable):
            return None

    after = eventually(reopened, within=60)
    assert after is not None
    assert [intake.get(f"/v1/tickets/{name}")["id"] for name in before] == before


def test_down_and_up_again_keeps_everything_and_shows_no_key_twice(compose: Compose, key: str) -> None:
    ticket = _open(compose.client("intake", key), "Kept")
    compose("down", "--timeout", "20")
    compose("up", "-d", "--wait")
    assert "rdk_" not in compose("logs", "setup")
    kept = compose.client("intake", key).get(f"/v1/tickets/{ticket['id']}")
    assert kept["subject"] == "Kept"


def test_nobody_is_root_and_nothing_is_reachable_but_the_apis(compose: Compose) -> None:
    rows = [json.loads(line) for line in compose("ps", "--format", "json").splitlines()]
    published = {port["URL"] for row in rows for port in row["Publishers"] or () if port["PublishedPort"]}
    assert published == {"127.0.0.1"}
    assert sum(1 for row in rows for port in row["Publishers"] or () if port["PublishedPort"]) == 4
    for name in ("rabbitmq", "mongo", "intake-api", "sla-worker"):
        assert compose("exec", "-T", name, "id", "-u").strip() != "0", name
    for service in APIS:
        with urllib.request.urlopen(f"http://127.0.0.1:{compose.ports[service]}/readyz", timeout=5) as ready:
            assert json.loads(ready.read())["status"] == "up"
