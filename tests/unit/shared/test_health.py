"""Alive, ready, degraded, down: as a load balancer, an orchestrator and the probe see it."""

import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import pytest

from shared import status_server
from shared.health import Check, Finding, Health, broker_takes, report, threads_run
from shared.messaging.connection import Connection
from shared.probe import probe

MISSING = Finding("store", "MongoDB does not answer, or has no primary.")
DEGRADED = Finding("intake-relay", "RabbitMQ takes nothing: it is short of memory or disk.", is_missing=False)


def seen(*findings: Finding) -> tuple[int, dict[str, Any]]:
    status, body = report("intake-worker", [lambda: findings])
    return status, json.loads(body)


def test_nothing_found_is_up() -> None:
    assert seen() == (200, {"process": "intake-worker", "status": "up", "missing": {}, "degraded": {}})


def test_what_is_degraded_is_named_and_the_process_stays_ready() -> None:
    status, body = seen(DEGRADED)
    assert (status, body["status"]) == (200, "degraded")
    assert body["degraded"] == {"intake-relay": "RabbitMQ takes nothing: it is short of memory or disk."}


def test_what_is_missing_is_named_with_503() -> None:
    status, body = seen(DEGRADED, MISSING)
    assert (status, body["status"]) == (503, "down")
    assert body["missing"] == {"store": "MongoDB does not answer, or has no primary."}


def test_a_thread_that_has_ended_is_found() -> None:
    thread = threading.Thread(target=lambda: None, name="ticker")
    thread.start()
    thread.join()
    assert list(threads_run([threading.current_thread(), thread])()) == [Finding("ticker", "This thread has ended.")]


def test_a_connection_is_missing_until_it_does_what_it_is_for_and_degraded_while_blocked() -> None:
    connection = Connection("amqp://127.0.0.1:1/", "intake-relay", lambda _: None)
    check = broker_takes(connection)
    assert list(check()) == [Finding("intake-relay", "RabbitMQ: no connection yet")]
    connection.works()
    assert list(check()) == []
    connection._block(True)
    assert list(check()) == [DEGRADED]


@pytest.fixture
def url() -> Iterator[str]:
    down: Check = lambda: [MISSING]  # noqa: E731
    with status_server.opened(("127.0.0.1", 0), Health("intake-worker", alive=[], ready=[down])) as port:
        yield f"http://127.0.0.1:{port}"


def test_a_worker_is_alive_though_it_is_not_ready(url: str) -> None:
    assert probe(f"{url}/healthz") is None
    said = probe(f"{url}/readyz")
    assert said is not None
    assert said.startswith("503 ")
    assert "MongoDB does not answer" in said


def test_the_little_server_shows_metrics_and_nothing_else(url: str) -> None:
    with urlopen(f"{url}/metrics", timeout=5) as answer:
        assert b"process_resident_memory_bytes" in answer.read()
    assert (probe(f"{url}/etc/passwd") or "").startswith("404 ")


def test_the_probe_says_in_a_sentence_that_nobody_answers() -> None:
    assert probe("http://127.0.0.1:1/healthz") == (
        "http://127.0.0.1:1/healthz does not answer: <urlopen error [Errno 111] Connection refused>"
    )
