"""What is missing is asked for ever more rarely, and is there within the longest pause; a blip is over at once."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from typing import Any

import pika
import pytest

from shared.messaging import topology
from shared.messaging.consumer import Consumer
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay
from tests.integration.core import tally
from tests.integration.core.conftest import RELAY
from tests.support.eventually import eventually

QUEUE = "missing at first"
LONGEST = 3.0


@pytest.fixture
def channel(clean_amqp_url: str) -> Iterator[Any]:
    with pika.BlockingConnection(pika.URLParameters(clean_amqp_url)) as connection:
        channel = connection.channel()
        yield channel
        channel.queue_delete(QUEUE)


@pytest.fixture
def starting(clean_amqp_url: str) -> Iterator[Any]:
    with ExitStack() as leaving:

        def start(owner: Consumer | Publisher) -> Consumer | Publisher:
            leaving.callback(owner.connection.stop)
            owner.connection.start()
            return owner

        yield start


def pauses(caplog: pytest.LogCaptureFixture, line: str, count: int) -> list[float]:
    """Seconds between the first `count` + 1 log lines that have `line` in them."""

    def times() -> list[float]:
        return [record.created for record in list(caplog.records) if line in record.getMessage()]

    seen = eventually(times, lambda found: len(found) > count, within=30)
    return [later - earlier for earlier, later in pairwise(seen[: count + 1])]


def test_a_missing_queue_is_asked_for_ever_more_rarely(
    channel: Any, starting: Any, clean_amqp_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    consumer = starting(Consumer(clean_amqp_url, "the consumer", [QUEUE]))
    growing = pauses(caplog, "the consumer: the broker closed the channel", 5)
    assert growing[0] < 1.0
    assert growing[-1] >= LONGEST / 2
    channel.queue_declare(QUEUE, durable=True)
    eventually(lambda: consumer.connection.trouble, lambda trouble: trouble is None, within=LONGEST + 1)
    consumer.connection.call(lambda: consumer.connection.fail("the test ends it"))
    eventually(lambda: consumer.connection.trouble)
    eventually(lambda: consumer.connection.trouble, lambda trouble: trouble is None, within=LONGEST / 2)


@pytest.mark.usefixtures("channel")
def test_a_missing_exchange_is_asked_for_ever_more_rarely(
    starting: Any, clean_amqp_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    publisher = starting(Publisher(clean_amqp_url, "the publisher"))
    growing = pauses(caplog, "the publisher: the broker closed the channel", 5)
    assert growing[0] < 1.0
    assert growing[-1] >= LONGEST / 2
    topology.declare(clean_amqp_url, list(tally.QUEUES))
    eventually(lambda: publisher.connection.trouble, lambda trouble: trouble is None, within=LONGEST + 1)


@pytest.mark.usefixtures("arrivals")
def test_a_relay_whose_tail_fails_at_once_tries_ever_more_rarely(
    fail_command: Any, relay: Relay, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    fail_command(mode="alwaysOn", appName=RELAY, failCommands=["aggregate"], errorCode=13)
    relay.start()
    growing = pauses(caplog, "relay: ", 5)
    assert growing[0] < 1.0
    assert growing[-1] >= LONGEST / 2
