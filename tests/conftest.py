"""What every test may ask for: a real store and a real broker, clean at its beginning."""

import uuid
from collections.abc import Iterator
from typing import Any

import pika
import pytest
from pymongo.database import Database

from cli.setup import QUEUES
from shared.messaging import topology
from shared.store.client import connect
from shared.store.documents import Document
from tests.support import brokers
from tests.support.brokers import Brokers

_NAMES = {
    "environment": "the addresses in the environment",
    "testcontainers": "testcontainers (a Docker engine answers)",
    "local processes": "local processes (no Docker engine answers)",
}


def pytest_report_header(config: pytest.Config) -> str:
    return f"MongoDB and RabbitMQ: {_NAMES[brokers.source()]}"


@pytest.fixture(scope="session")
def the_brokers() -> Iterator[Brokers]:
    with brokers.opened() as both:
        yield both


@pytest.fixture(scope="session")
def mongo_url(the_brokers: Brokers) -> str:
    return the_brokers.mongo_url


@pytest.fixture(scope="session")
def amqp_url(the_brokers: Brokers) -> str:
    return the_brokers.amqp_url


@pytest.fixture
def database(mongo_url: str) -> Iterator[Database[Document]]:
    """A database of this test's own, gone afterwards."""
    client = connect(mongo_url, "tests")
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield client[name]
    client.drop_database(name)
    client.close()


@pytest.fixture
def clean_amqp_url(amqp_url: str) -> Iterator[str]:
    """The broker without our exchanges and queues, whose names are fixed, so that the test declares what it needs."""
    clean(amqp_url)
    yield amqp_url
    clean(amqp_url)


def clean(url: str) -> None:
    """Removes our exchanges and queues."""

    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel: Any = connection.channel()
    for queue in (*(q.name for q in QUEUES), topology.DEAD):
        channel.queue_delete(queue)
    for exchange in (topology.EVENTS, topology.SUBMISSIONS, topology.DEAD):
        channel.exchange_delete(exchange)
    connection.close()
