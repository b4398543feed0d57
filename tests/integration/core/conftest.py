import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pika
import pytest
from pymongo.database import Database

from shared.messaging import topology
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay
from shared.store import indexes
from shared.store.client import connect
from shared.store.documents import Document
from tests.integration.core import tally

RELAY = "the relay under test"


@pytest.fixture
def database(mongo_url: str) -> Iterator[Database[Document]]:
    client = connect(mongo_url, "tests")
    database = client[f"test_{uuid.uuid4().hex[:12]}"]
    indexes.create(database, tally.INDEXES)
    yield database
    client.drop_database(database.name)
    client.close()


@pytest.fixture
def fail_command(database: Database[Document]) -> Iterator[Any]:
    """Sets mongod's fail point for this test's client."""
    admin = database.client.admin

    def set_to(mode: Any, **data: Any) -> None:
        admin.command("configureFailPoint", "failCommand", mode=mode, data={"appName": "tests", **data})

    yield set_to
    admin.command("configureFailPoint", "failCommand", mode="off")


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
def new_relay(database: Database[Document], mongo_url: str, amqp_url: str) -> Iterator[Callable[..., Relay]]:
    """Makes relays of this test's event log, by default at the broker; they are stopped with the test."""
    with ExitStack() as leaving:
        client = leaving.enter_context(connect(mongo_url, RELAY))

        def make(url: str = amqp_url, holder: str = RELAY, answers_at: str | None = None) -> Relay:
            publisher = Publisher(url, holder)
            publisher.url = answers_at or url
            publisher.connection.start()
            leaving.callback(publisher.connection.stop)
            relay = Relay("tally", client[database.name], publisher, holder)
            leaving.callback(relay.stop)
            return relay

        yield make


@pytest.fixture
def relay(new_relay: Callable[..., Relay]) -> Relay:
    return new_relay()
