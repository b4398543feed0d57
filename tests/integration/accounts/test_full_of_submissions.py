"""What nobody takes is refused before it fills the disk: on a real broker, with the policy that setup makes."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pika
import pytest
from pika.exceptions import NackError

from cli.setup import broker
from cli.setup.addresses import account_in
from cli.setup.management import Management
from cli.setup.tables import QUEUES
from shared.messaging import topology
from shared.messaging.topology import SUBMISSIONS, Queue
from tests.support.brokers import MANAGEMENT_VARIABLE, Brokers
from tests.support.eventually import eventually

QUEUE = "intake.submissions"
SMALL = tuple(replace(queue, max_bytes=50_000) if queue.name == QUEUE else queue for queue in QUEUES)


@pytest.fixture
def set_up(the_brokers: Brokers, clean_broker: str) -> Iterator[Callable[[tuple[Queue, ...]], None]]:
    """As setup does it, for a desk that is there."""
    management_url = the_brokers.management_url
    if management_url is None:
        pytest.skip(f"setup makes no policies without RabbitMQ's management API: set {MANAGEMENT_VARIABLE}")
    topology.declare(clean_broker, list(QUEUES))
    yield lambda queues: broker.reconcile(management_url, clean_broker, [], queues)
    broker.reconcile(management_url, clean_broker, [], QUEUES)


@pytest.fixture
def channel(clean_broker: str) -> Iterator[Any]:
    with pika.BlockingConnection(pika.URLParameters(clean_broker)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        yield channel


def publish(channel: Any, n: int) -> None:
    channel.basic_publish(SUBMISSIONS, "ticket.submit", b"%4d" % n + bytes(10_000), mandatory=True)


def published_until_refused(channel: Any, first: int) -> int:
    """How many were confirmed from `first` on: a broker hears of a limit, and notices its end, a little later."""
    for n in range(first, first + 200):
        try:
            publish(channel, n)
        except NackError:
            return n - first
    raise AssertionError("200 messages of 10,000 bytes were taken, 50,000 bytes are allowed")


def taken(channel: Any) -> list[int]:
    found = []
    while (message := channel.basic_get(QUEUE, auto_ack=True))[0] is not None:
        found.append(int(message[2][:4]))
    return found


def test_a_queue_that_is_there_gets_the_limit_and_what_is_beyond_it_is_refused(
    set_up: Callable[[tuple[Queue, ...]], None], channel: Any
) -> None:
    for n in range(3):
        publish(channel, n)
    set_up(SMALL)
    count = published_until_refused(channel, first=3)
    assert taken(channel) == list(range(3 + count))
    eventually(lambda: published_until_refused(channel, first=0), bool)


def test_of_our_queues_submissions_alone_have_a_limit_and_it_is_a_gibibyte(
    set_up: Callable[[tuple[Queue, ...]], None], the_brokers: Brokers, clean_broker: str
) -> None:
    set_up(QUEUES)
    vhost = pika.URLParameters(clean_broker).virtual_host
    with closing(Management(the_brokers.management_url or "", *account_in(clean_broker))) as management:

        def limited() -> dict[str, Any]:
            shown = {queue.name: management.get("queues", vhost, queue.name) for queue in QUEUES}
            return {name: queue["effective_policy_definition"] for name, queue in shown.items() if queue.get("policy")}

        eventually(limited, lambda seen: seen == {"intake.submissions": {"max-length-bytes": 1_073_741_824}})
