"""A listener's queue is full and rejects: the others hear everything, and what it refused is kept until it is taken."""

from collections.abc import Callable, Iterator
from typing import Any

import pika
import pytest
from pymongo.database import Database

from shared.messaging import topology
from shared.messaging.relay import Relay, oldest_unpublished
from shared.store.documents import Document
from shared.store.event_log import EVENT_LOG
from tests.integration.core.event_log import announced, arrived
from tests.support.eventually import eventually

QUEUE = "full"  # not listener.…, where setup's policy, if it is there, forbids quorum queues to reject


@pytest.fixture(params=["classic", "quorum"])
def full_queue(request: pytest.FixtureRequest, amqp_url: str, arrivals: Any) -> Iterator[str]:
    """Has room for nothing more, and rejects; bound after `arrivals`, as a listener's queue would be."""
    limit = {"x-max-length": 1, "x-overflow": "reject-publish", "x-queue-type": request.param}
    arrivals.queue_delete(QUEUE)
    arrivals.queue_declare(QUEUE, durable=True, arguments=limit)
    with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()

        def is_full() -> bool:
            try:
                channel.basic_publish("", QUEUE, b"what the listener has not read")
            except pika.exceptions.NackError:
                return True
            return False

        eventually(is_full)  # a quorum queue tells its publishers a little later
    arrivals.queue_bind(QUEUE, topology.EVENTS, "ticket.created")
    yield QUEUE
    arrivals.queue_delete(QUEUE)


def refused(database: Database[Document]) -> list[str]:
    return [row["_id"] for row in database["refused"].find().sort("_id", 1)]


def test_what_one_queue_refuses_all_others_get_and_it_gets_once_it_has_room(
    database: Database[Document], arrivals: Any, relay: Relay, full_queue: str
) -> None:
    events = announced(database, "1", "2", "3")
    relay.start()
    eventually(lambda: refused(database), lambda ids: ids == events)
    eventually(lambda: database["leases"].find_one({"_id": "relay"}), lambda row: "token" in (row or {}))
    events += announced(database, "4")
    eventually(lambda: refused(database), lambda ids: ids == events)
    seen: list[str] = []
    eventually(lambda: set(arrived(arrivals, "arrivals", seen)), lambda ids: ids == set(events))
    first = database[EVENT_LOG].find_one({"_id": events[0]})
    assert first is not None
    assert oldest_unpublished(database) == first["time"]
    arrivals.queue_unbind(full_queue, topology.EVENTS, "ticket.created")
    eventually(lambda: oldest_unpublished(database), lambda oldest: oldest is None)
    assert refused(database) == []


def test_what_was_refused_outlives_the_relay(
    database: Database[Document], arrivals: Any, new_relay: Callable[..., Relay], full_queue: str
) -> None:
    relay = new_relay()
    events = announced(database, "1", "2")
    relay.start()
    eventually(lambda: database["leases"].find_one({"_id": "relay"}), lambda row: "token" in (row or {}))
    relay.stop()
    assert refused(database) == events
    arrivals.queue_purge(full_queue)
    arrivals.queue_delete(full_queue)
    arrivals.queue_purge("arrivals")
    new_relay(holder="another").start()
    seen: list[str] = []
    eventually(lambda: sorted(set(arrived(arrivals, "arrivals", seen))), lambda ids: ids == events)
    eventually(lambda: oldest_unpublished(database), lambda oldest: oldest is None)


def test_more_refused_events_than_may_be_under_way_do_not_halt_the_log(
    database: Database[Document], arrivals: Any, relay: Relay, full_queue: str
) -> None:
    events = announced(database, *map(str, range(5000)))
    relay.start()
    seen: list[str] = []
    eventually(lambda: set(arrived(arrivals, "arrivals", seen)), lambda ids: len(ids) == 5000, within=30)
    eventually(lambda: len(refused(database)), lambda count: count == 5000, within=30)
    assert len(seen) < 6000  # those of a round or two came again
    assert set(seen) == set(events)
