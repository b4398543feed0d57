"""The relay answers submissions: what becomes of an answer that can't be delivered, and of what comes after it."""

from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client import REGISTRY
from pymongo.database import Database

from shared.messaging.relay import Relay, oldest_unpublished
from shared.store.documents import Document
from tests.integration.core.conftest import RELAY
from tests.integration.core.event_log import announced, arrived
from tests.support.eventually import eventually


@pytest.fixture
def full_queue(arrivals: Any) -> str:
    """A queue for answers that refuses what comes."""
    limit = {"x-max-length": 1, "x-overflow": "reject-publish"}
    arrivals.queue_declare("reply.full", exclusive=True, arguments=limit)
    arrivals.basic_publish("", "reply.full", b"the answer before")
    return "reply.full"


def dropped() -> float:
    labels = {"connection": f"{RELAY}-answers"}
    return REGISTRY.get_sample_value("relaydesk_answers_dropped_total", labels) or 0.0


def assert_the_others_go_on(database: Database[Document], arrivals: Any, relay: Relay, undeliverable: str) -> None:
    """Every event once, the place after them saved, and everybody else answered."""
    arrivals.queue_declare("reply.ana", exclusive=True)
    dropped_before = dropped()
    before = announced(database, "1", reply_to="reply.ana")
    events = [*before, *announced(database, "2", reply_to=undeliverable)]
    after = announced(database, "3", "4", reply_to="reply.ana")
    events += [*after, *announced(database, "5")]
    relay.start()
    eventually(lambda: oldest_unpublished(database), lambda oldest: oldest is None)
    assert sorted(arrived(arrivals, "arrivals", [])) == sorted(events)
    answers: list[str] = []
    eventually(lambda: set(arrived(arrivals, "reply.ana", answers)), lambda ids: ids == {*before, *after})
    eventually(lambda: dropped() - dropped_before, lambda count: count == 1)


def test_an_answer_over_which_the_broker_closes_the_connection_is_dropped_alone(
    database: Database[Document], arrivals: Any, relay: Relay
) -> None:
    """No broker makes such a name for direct reply-to; RabbitMQ answers it with 541."""
    assert_the_others_go_on(database, arrivals, relay, "amq.rabbitmq.reply-to.x.y")


def test_an_answer_to_a_full_queue_is_dropped_alone(
    database: Database[Document], arrivals: Any, relay: Relay, full_queue: str
) -> None:
    assert_the_others_go_on(database, arrivals, relay, full_queue)


def test_many_undeliverable_answers_do_not_hold_back_the_events(
    database: Database[Document], arrivals: Any, relay: Relay
) -> None:
    before = dropped()
    events = announced(database, *map(str, range(20)), reply_to="amq.rabbitmq.reply-to.x.y")
    relay.start()
    eventually(lambda: oldest_unpublished(database), lambda oldest: oldest is None)
    assert sorted(arrived(arrivals, "arrivals", [])) == sorted(events)
    eventually(lambda: dropped() - before, lambda count: count == 20, within=60)


def test_who_answers_nobody_has_no_connection_for_it(
    database: Database[Document], arrivals: Any, new_relay: Callable[..., Relay]
) -> None:
    announced(database, "1")
    new_relay(holder="a relay that answers nobody").start()
    eventually(lambda: oldest_unpublished(database), lambda oldest: oldest is None)
    labels = {"connection": "a relay that answers nobody-answers"}
    assert REGISTRY.get_sample_value("relaydesk_broker_connected", labels) is None


def test_when_all_is_well_every_submission_is_answered_once(
    database: Database[Document], arrivals: Any, relay: Relay
) -> None:
    arrivals.queue_declare("reply.ana", exclusive=True)
    events = announced(database, *map(str, range(500)), reply_to="reply.ana")
    relay.start()
    eventually(lambda: oldest_unpublished(database), lambda oldest: oldest is None)
    assert sorted(arrived(arrivals, "reply.ana", [])) == sorted(events)


def test_the_place_after_an_answer_is_saved_once_the_answer_is_sent_or_dropped(
    database: Database[Document], arrivals: Any, new_relay: Callable[..., Relay]
) -> None:
    """The events have a connection, the answers find none."""
    before = dropped()
    announced(database, "1", reply_to="reply.ana")
    new_relay(answers_at="amqp://127.0.0.1:1/").start()
    eventually(lambda: arrivals.basic_get("arrivals")[1], lambda properties: properties is not None)
    eventually(lambda: database["leases"].find_one({"_id": "relay"}), lambda row: "published_id" in (row or {}))
    assert dropped() - before == 1
