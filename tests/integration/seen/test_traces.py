"""One trace over a ticket's way through all services, in memory: request, events, handlers, mail."""

import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from cli.local.services import SERVICES, set_up
from cli.setup.secrets import environment_of, make
from services.assignment import bootstrap as assignment
from services.assignment import settings as assignment_settings
from services.intake import bootstrap as intake
from services.intake.settings import read_door, read_secrets, read_settings, read_submitters
from services.notify import bootstrap as notify
from services.notify.settings import letterhead
from services.sla import bootstrap as sla
from shared import spans, tracing
from shared.store.client import connect
from shared.worker import Service, Worker
from tests.conftest import clean
from tests.support.eventually import eventually
from tests.support.smtp_server import SmtpServer, smtp_server

CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture(scope="module")
def exporter() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    tracing.record_by(spans.to(SimpleSpanProcessor(exporter), "relaydesk"))
    yield exporter
    tracing.record_by(None)


@pytest.fixture(scope="module")
def server() -> Iterator[SmtpServer]:
    with smtp_server() as running:
        yield running


@pytest.fixture(scope="module")
def clean_broker(amqp_url: str) -> Iterator[str]:
    clean(amqp_url)
    yield amqp_url
    clean(amqp_url)


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("secrets")


@pytest.fixture(scope="module")
def environment(mongo_url: str, clean_broker: str, server: SmtpServer, secrets: Path) -> Iterator[dict[str, str]]:
    """Of all four services and the sender, in this process."""
    make(secrets, mongo_url, clean_broker, management_url=None)  # no accounts: all services share one address
    environment = {name: value for service in SERVICES for name, value in environment_of(secrets, service).items()}
    environment |= {
        "RELAYDESK_DATABASE_PREFIX": f"test_{uuid.uuid4().hex[:12]}",
        "RELAYDESK_SMTP_HOST": server.host,
        "RELAYDESK_SMTP_PORT": str(server.port),
    }
    with pytest.MonkeyPatch.context() as process:
        for name, value in environment.items():
            process.setenv(name, value)
        letterhead.cache_clear()
        yield environment
    letterhead.cache_clear()


@pytest.fixture(scope="module")
def api(mongo_url: str, environment: dict[str, str], secrets: Path) -> Iterator[FlaskClient]:
    """Intake's API, with all workers and the sender at work in this process."""
    key = set_up(environment, secrets)
    services: list[Service] = [
        intake.build_service(read_settings(), read_submitters()),
        assignment.build_service(assignment_settings.read_addresses()),
        sla.build_service(),
        notify.build_service(),
    ]
    workers = [Worker(service) for service in services]
    sender = notify.build_sender()
    threads = [threading.Thread(target=run) for run in (*(worker.work for worker in workers), sender.run)]
    for thread in threads:
        thread.start()
    client = intake.build_app(read_settings(), read_door(), read_secrets()).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    eventually(lambda: client.get("/v1/tickets").status_code, lambda status: status == 200)
    yield client
    for worker in workers:
        worker.stop()
    sender.stop()
    for thread in threads:
        thread.join(20)
    for service in services:
        service.database.client.close()
    with connect(mongo_url, "tests") as mongo:
        for name in mongo.list_database_names():
            if name.startswith(environment["RELAYDESK_DATABASE_PREFIX"]):
                mongo.drop_database(name)


def test_a_tickets_way_is_one_trace_from_the_caller_to_the_mail(
    api: FlaskClient, exporter: InMemorySpanExporter, server: SmtpServer
) -> None:
    ana = {"address": "ana@trace.example", "name": "Ana"}
    body = {"requester": ana, "subject": "VPN drops", "text": "Every hour.", "topic": "network"}
    answer = api.post("/v1/tickets", json=body, headers={"traceparent": CALLER})
    assert answer.status_code == 201

    def of_the_trace() -> dict[str, ReadableSpan]:
        found = [span for span in exporter.get_finished_spans() if _trace(span) == CALLER[3:35]]
        return {span.name: span for span in found}

    way = eventually(of_the_trace, lambda found: "process notification.sent" in found, within=30)
    assert set(way) >= {
        "POST /v1/tickets",
        "publish ticket.created",
        "process ticket.created",
        "publish ticket.assigned",
        "publish sla.targets_set",
        "process ticket.assigned",
        "process sla.targets_set",
        "hand mail over",
        "publish notification.sent",
    }

    def parent(name: str) -> str:
        above = way[name].parent
        assert above is not None
        return f"{above.span_id:016x}"

    def own(name: str) -> str:
        context = way[name].get_span_context()
        assert context is not None
        return f"{context.span_id:016x}"

    assert parent("POST /v1/tickets") == CALLER[36:52]
    assert parent("publish ticket.created") == own("POST /v1/tickets")
    assert parent("process ticket.created") == own("publish ticket.created")
    assert parent("publish ticket.assigned") == own("publish ticket.created")
    assert parent("publish sla.targets_set") == own("publish ticket.created")
    assert parent("hand mail over") in (own("publish ticket.created"), own("publish ticket.assigned"))
    assert {span.kind.name for span in way.values()} == {"SERVER", "PRODUCER", "CONSUMER", "CLIENT"}


def test_without_a_traceparent_every_request_begins_a_trace_of_its_own(
    api: FlaskClient, exporter: InMemorySpanExporter
) -> None:
    for _ in range(2):
        api.get("/v1/topics", headers={"traceparent": "no trace"})
    asked = [span for span in exporter.get_finished_spans() if span.name == "GET /v1/topics"]
    assert [span.parent for span in asked] == [None, None]
    assert len({_trace(span) for span in asked}) == 2


def _trace(span: ReadableSpan) -> str:
    context = span.get_span_context()
    assert context is not None
    return f"{context.trace_id:032x}"
