"""Brokers that are away or not set up: a worker stays alive, and says what is missing; an API needs the store alone."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cli.local.ports import free_ports
from services.sla import bootstrap
from shared import health
from shared.store.client import connect
from tests.integration.seen.running.conftest import look
from tests.support.access import door_settings
from tests.support.eventually import eventually

NOWHERE = 1  # a port on which nobody listens


@contextmanager
def worker(**environment: str) -> Iterator[str]:
    """An sla worker of its own; where it tells of itself."""
    [port] = free_ports(1)
    surroundings = {**os.environ, "RELAYDESK_METRICS_PORT": str(port), **environment}
    process = subprocess.Popen([sys.executable, "-m", "services.sla.worker"], env=surroundings)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        assert process.wait(20) == 0


def missing(url: str) -> dict[str, str]:
    """Empty while nobody listens there yet."""
    try:
        status, body = look(f"{url}/readyz")
    except OSError:
        return {}
    said: dict[str, str] = json.loads(body)["missing"]
    assert (status == 503) == bool(said)
    return said


def test_without_a_broker_a_worker_is_alive_and_not_ready(mongo_url: str) -> None:
    amqp_url = f"amqp://guest:guest@127.0.0.1:{NOWHERE}/"
    with worker(RELAYDESK_MONGO_URL=mongo_url, RELAYDESK_AMQP_URL=amqp_url) as url:
        said = eventually(lambda: missing(url), lambda m: m.get("sla-relay") == "RabbitMQ: no connection")
        assert said == {"sla-worker": "RabbitMQ: no connection", "sla-relay": "RabbitMQ: no connection"}
        assert look(f"{url}/healthz")[0] == 200


@pytest.mark.usefixtures("clean_amqp_url")
def test_a_missing_queue_and_a_missing_exchange_are_named(mongo_url: str, amqp_url: str) -> None:
    with worker(RELAYDESK_MONGO_URL=mongo_url, RELAYDESK_AMQP_URL=amqp_url) as url:
        said = eventually(lambda: missing(url), lambda m: "NOT_FOUND" in m.get("sla-worker", ""))
        assert "no queue 'sla.inbox'" in said["sla-worker"]
        said = eventually(lambda: missing(url), lambda m: "NOT_FOUND" in m.get("sla-relay", ""))
        assert "no exchange 'helpdesk.events'" in said["sla-relay"]
        assert look(f"{url}/healthz")[0] == 200


def test_without_a_store_a_worker_is_alive_and_not_ready(amqp_url: str) -> None:
    with worker(RELAYDESK_MONGO_URL=f"mongodb://127.0.0.1:{NOWHERE}/", RELAYDESK_AMQP_URL=amqp_url) as url:
        said = eventually(lambda: missing(url), lambda m: "store" in m)
        assert said["store"] == "MongoDB does not answer, or has no primary."
        assert look(f"{url}/healthz")[0] == 200
        assert b"relaydesk_inbox_lag_seconds" in look(f"{url}/metrics")[1].encode()


def test_an_api_without_a_store_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "STORE_SECONDS", 0.2)
    with connect(f"mongodb://127.0.0.1:{NOWHERE}/", "tests") as client:
        answer = bootstrap.app_on(client["nowhere"], door_settings()).test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["missing"]) == (
        503,
        {"store": "MongoDB does not answer, or has no primary."},
    )


def test_a_slow_store_is_degraded(mongo_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "SLOW_SECONDS", 0.0)
    with connect(mongo_url, "tests") as client:
        answer = bootstrap.app_on(client["test_slow"], door_settings()).test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "degraded")
    assert re.fullmatch(r"MongoDB took \d+\.\d s to answer\.", answer.get_json()["degraded"]["store"])
