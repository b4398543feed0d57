"""What Prometheus, a load balancer and an orchestrator see of the nine processes."""

import http.client
import json
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pymongo import MongoClient

from shared.identifiers import new_id
from shared.moments import utc_now
from tests.e2e.desk import open_ticket
from tests.integration.seen.running.conftest import WORKERS, Seen
from tests.support.eventually import eventually

APIS = ("intake-api", "assignment-api", "sla-api", "notify-api")


def samples(seen: Seen, process: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """(name, labels) -> value"""
    status, text = seen.look(process, "/metrics")
    assert status == 200
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(seen: Seen, process: str, name: str, **labels: str) -> float | None:
    return samples(seen, process).get((name, frozenset(labels.items())))


@pytest.mark.parametrize("process", APIS + WORKERS)
def test_every_process_is_alive_and_ready(seen: Seen, process: str) -> None:
    """Setup's own events may have waited for a slow start, and a relay's place is saved within two seconds."""
    well = (200, {"process": process, "status": "up", "missing": {}, "degraded": {}})

    def found(path: str) -> tuple[int, Any]:
        status, body = seen.look(process, path)
        return status, json.loads(body)

    assert found("/healthz") == well
    assert eventually(partial(found, "/readyz"), lambda answer: answer == well) == well


def test_the_two_processes_of_an_api_count_together_by_route_and_not_by_path(seen: Seen) -> None:
    def counted() -> float:
        labels = {"service": "intake", "rule": "/v1/tickets/<uuid:ticket_id>", "method": "GET", "status": "404"}
        return value(seen, "intake-api", "relaydesk_request_seconds_count", **labels) or 0.0

    before = counted()
    for _ in range(40):
        connection = http.client.HTTPConnection(urlsplit(seen.urls["intake-api"]).netloc, timeout=10)
        connection.request("GET", f"/v1/tickets/{new_id()}", headers={"Authorization": f"Bearer {seen.helpdesk.key}"})
        assert connection.getresponse().status == 404
        connection.close()
    assert counted() == before + 40


def test_a_path_that_is_no_route_makes_no_label(seen: Seen) -> None:
    seen.look("intake-api", "/wp-login.php")
    assert "wp-login" not in seen.look("intake-api", "/metrics")[1]


def test_every_answer_has_a_request_id_and_a_refused_one_too(seen: Seen) -> None:
    ids = set()
    for path, status in (("/healthz", 200), ("/v1/tickets", 401), ("/nowhere", 401)):
        connection = http.client.HTTPConnection(urlsplit(seen.urls["intake-api"]).netloc, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == status
        ids.add(answer.headers["X-Request-Id"])
        connection.close()
    assert len(ids - {None}) == 3


def test_workers_tell_what_they_did_and_that_nothing_waits(seen: Seen) -> None:
    open_ticket(seen.helpdesk, "counted@example.com")
    for service in ("intake", "assignment", "sla", "notify"):
        process = f"{service}-worker"
        done = value(seen, process, "relaydesk_outcomes_total", service=service, outcome="done")
        assert done is not None
        assert done >= 1
        for name in ("inbox_messages", "inbox_lag_seconds", "unpublished_event_age_seconds"):
            eventually(partial(value, seen, process, f"relaydesk_{name}", service=service), lambda waits: waits == 0)
        assert value(seen, process, "relaydesk_parked_messages", service=service, state="for_a_person") == 0
        assert value(seen, process, "relaydesk_broker_connected", connection=process) == 1
        assert value(seen, process, "relaydesk_broker_blocked", connection=process) == 0
    assert value(seen, "sla-worker", "relaydesk_ticker_lateness_seconds", by="next_due_at") == 0
    accepted = eventually(lambda: value(seen, "notify-sender", "relaydesk_mail_answers_total", answer="Accepted"))
    assert accepted is not None
    assert value(seen, "notify-sender", "relaydesk_deliveries", state="unknown") == 0


def test_an_api_is_ready_while_its_events_are_not_passed_on_and_says_so(seen: Seen) -> None:
    worker = seen.helpdesk.processes["notify-worker"]
    worker.stop()
    prefix = seen.helpdesk.environment["RELAYDESK_DATABASE_PREFIX"]
    with MongoClient[dict[str, object]](seen.helpdesk.brokers.mongo_url, tz_aware=True) as client:
        log = client[f"{prefix}_notify"]["event_log"]
        row = {"_id": new_id(), "type": "none", "subject": "x", "sequence": 1, "time": utc_now().replace(year=2025)}
        log.insert_one(row)
        status, body = seen.look("notify-api", "/readyz")
        log.delete_one({"_id": row["_id"]})
    assert (status, json.loads(body)["status"]) == (200, "degraded")
    assert json.loads(body)["degraded"]["events"].startswith("Events wait to be published, the oldest for ")
    worker.start()
    seen.wait_up("notify-worker")
