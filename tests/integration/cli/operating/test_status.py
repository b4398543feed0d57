import pika
import pytest

from tests.support.brokers import MANAGEMENT_VARIABLE
from tests.support.eventually import eventually
from tests.support.operator import Operator
from tests.support.stack import Helpdesk


def test_a_system_at_rest_is_well(operator: Operator) -> None:
    operator.opens_ticket()
    answer = eventually(lambda: operator.types("status"), lambda a: a.code == 0)
    assert answer.out.endswith("All is well.\n")
    seen = operator.reads("status")
    assert [(api["service"], api["state"]) for api in seen["services"]] == [
        ("intake", "up"),
        ("assignment", "up"),
        ("sla", "up"),
        ("notify", "up"),
    ]
    assert seen["wrong"] == []


def test_a_worker_that_is_away_is_named(operator: Operator, helpdesk: Helpdesk) -> None:
    worker = helpdesk.processes["sla-worker"]
    worker.stop()
    try:
        answer = eventually(lambda: operator.types("status"), lambda a: a.code == 1)
        assert "nobody takes from sla.inbox, where 0 messages wait: is its worker running?" in answer.out
    finally:
        worker.start()
    eventually(lambda: operator.types("status"), lambda a: a.code == 0)


def test_what_does_not_answer_is_named_and_the_rest_is_still_shown(operator: Operator) -> None:
    nobody = operator.but(
        RELAYDESK_SLA_URL="http://127.0.0.1:1",
        RELAYDESK_NOTIFY_URL=operator.environment["RELAYDESK_INTAKE_URL"],
        RELAYDESK_MONGO_URL="mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200",
        RELAYDESK_AMQP_URL="amqp://guest:guest@127.0.0.1:1/",
    )
    answer = nobody.types("status")
    assert answer.code == 69
    assert "sla is down: no answer: [Errno 111] Connection refused" in answer.out
    assert "notify is down: intake answers there: set RELAYDESK_NOTIFY_URL" in answer.out
    assert "MongoDB: 127.0.0.1:1: [Errno 111] Connection refused" in answer.out
    assert "RabbitMQ: 127.0.0.1:1: [Errno 111] Connection refused" in answer.out
    assert "intake     │ up" in answer.out


def test_a_listeners_queue_that_rejects_is_named(operator: Operator, helpdesk: Helpdesk) -> None:
    if helpdesk.brokers.management_url is None:
        pytest.skip(f"only RabbitMQ's management knows all queues: set {MANAGEMENT_VARIABLE}")
    with pika.BlockingConnection(pika.URLParameters(helpdesk.brokers.amqp_url)) as connection:
        channel = connection.channel()
        channel.queue_declare("listener.rejects", exclusive=True, arguments={"x-overflow": "reject-publish"})
        channel.queue_declare("listener.forgets", exclusive=True)
        looking = operator.but(RELAYDESK_MANAGEMENT_URL=helpdesk.brokers.management_url)
        assert looking.reads("status")["rejecting"] == ["listener.rejects"]
        assert "the queue listener.rejects refuses events when it is full" in looking.types("status").out
    away = operator.but(RELAYDESK_MANAGEMENT_URL="http://127.0.0.1:1").types("status")
    assert away.code == 69
    assert "RabbitMQ's management at http://127.0.0.1:1 is not there" in " ".join(away.out.split())
