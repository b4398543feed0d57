"""A relay that begins without a token: what is committed while it opens its stream is published too."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pika
import pytest
from pymongo import MongoClient
from pymongo.database import Database

from shared.messaging import topology
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay
from shared.store.client import connect
from shared.store.documents import Announcement, Cause, Document
from shared.store.event_log import EVENT_LOG, log_row
from tests.integration.core import tally
from tests.integration.core.events import ticket_created
from tests.support.eventually import eventually

NAME = "the relay under test"


@pytest.fixture
def arrivals(amqp_url: str) -> Iterator[Any]:
    """A channel whose queue `arrivals` gets every ticket.created."""
    topology.declare(amqp_url, list(tally.QUEUES))
    with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
        channel = connection.channel()
        channel.queue_declare("arrivals", exclusive=True)
        channel.queue_bind("arrivals", topology.EVENTS, "ticket.created")
        yield channel


@pytest.fixture
def relay(database: Database[Document], mongo_url: str, amqp_url: str) -> Iterator[Relay]:
    publisher = Publisher(amqp_url, NAME)
    publisher.connection.start()
    with connect(mongo_url, NAME) as client:
        relay = Relay(client[database.name], publisher, NAME)
        yield relay
        relay.stop()
    publisher.connection.stop()


@contextmanager
def without_journal(client: MongoClient[Any]) -> Iterator[None]:
    client.admin.command("configureFailPoint", "pauseJournalFlusherThread", mode="alwaysOn")
    try:
        yield
    finally:
        client.admin.command("configureFailPoint", "pauseJournalFlusherThread", mode="off")


def under_way(client: MongoClient[Any], op: str) -> list[Any]:
    """What the relay is asking the store just now, of one kind."""
    asked = {"appName": NAME, "active": True, f"command.{op}": {"$exists": True}}
    return list(client.admin.aggregate([{"$currentOp": {"allUsers": True}}, {"$match": asked}]))


def stands_still(client: MongoClient[Any], database: str) -> bool:
    """Whether a write gets no majority; the journal is written once more after it was told to pause."""

    def reached(kind: str) -> Any:
        return client.admin.command("hello")["lastWrite"][kind]["ts"]

    client[database]["probes"].insert_one({})
    written = reached("opTime")
    try:
        eventually(lambda: reached("majorityOpTime"), lambda majority: majority >= written, within=0.3)
    except AssertionError:
        return True
    return False


def test_an_event_that_no_majority_has_yet_when_the_stream_opens_is_published(
    database: Database[Document], mongo_url: str, fail_command: Any, arrivals: Any, relay: Relay
) -> None:
    """The journal stands still from before the event until the relay has read the log and waits at its stream."""
    event = ticket_created("1")
    row = log_row(Announcement(event.data, event.subject, 1, event.time), Cause("test"), "tally")
    slow = {"failCommands": ["aggregate"], "appName": NAME, "blockConnection": True, "blockTimeMS": 4000}
    fail_command(mode={"times": 1}, **slow)
    with MongoClient[Any](mongo_url, w=1, journal=False) as client:
        relay.start()
        eventually(lambda: under_way(client, "aggregate"))
        with without_journal(client):
            eventually(lambda: stands_still(client, database.name))
            client[database.name][EVENT_LOG].insert_one(row)
            eventually(lambda: under_way(client, "getMore"))
    _, properties, body = eventually(lambda: arrivals.basic_get("arrivals"), lambda got: got[0] is not None)
    assert (properties.message_id, body) == (row["_id"], row["body"])
