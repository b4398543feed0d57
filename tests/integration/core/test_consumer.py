"""What a consumer holds dies with its connection, and comes again at once."""

from collections.abc import Iterator
from typing import Any

import pika
import pytest

from shared.messaging.consumer import Consumer, Delivery
from tests.support.eventually import eventually

QUEUE = "consumed"


@pytest.fixture
def channel(amqp_url: str) -> Iterator[Any]:
    with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
        channel = connection.channel()
        channel.queue_declare(QUEUE, durable=True)
        yield channel
        channel.queue_delete(QUEUE)


@pytest.fixture
def consumer(channel: Any, amqp_url: str) -> Iterator[Consumer]:
    consumer = Consumer(amqp_url, "the consumer under test", [QUEUE])
    consumer.connection.start()
    yield consumer
    consumer.connection.stop()


def test_what_arrived_on_a_lost_connection_is_not_kept_beside_what_comes_again(
    channel: Any, consumer: Consumer
) -> None:
    for n in range(50):
        channel.basic_publish("", QUEUE, str(n).encode())
    for _ in range(2):
        eventually(lambda: (consumer.connection.trouble, consumer._arrived.qsize()), lambda seen: seen == (None, 50))
        consumer.connection.call(lambda: consumer.connection.fail("the test ends it"))
        eventually(lambda: consumer.connection.trouble, lambda trouble: trouble is not None)
    eventually(lambda: (consumer.connection.trouble, consumer._arrived.qsize()), lambda seen: seen == (None, 50))


def test_after_a_failure_of_its_thread_what_it_held_comes_again_at_once(channel: Any, consumer: Consumer) -> None:
    channel.basic_publish("", QUEUE, b"one")
    [first] = eventually(lambda: consumer.take(0.1))

    def fails() -> None:
        raise ZeroDivisionError

    consumer.connection.call(fails)
    kept = first.channel.connection  # as whatever still names it would keep its socket open
    [again] = eventually(lambda: came(consumer, first), within=10)
    assert (again.body, kept.is_closed) == (b"one", True)


def came(consumer: Consumer, before: Delivery) -> list[Delivery]:
    return [delivery for delivery in consumer.take(0.1) if delivery.channel is not before.channel]


def test_large_messages_are_held_back_until_there_is_room(channel: Any, consumer: Consumer) -> None:
    """12 of a little more than 8 MiB: four of them fill the 32 MiB that may lie here."""
    for n in range(12):
        channel.basic_publish("", QUEUE, b"%2d" % n + bytes(8 * 1024 * 1024))
    most = 0

    def is_given_up() -> bool:
        nonlocal most
        most = max(most, consumer._arrived.qsize())
        return most > 0 and consumer.connection.trouble is not None

    eventually(is_given_up, within=20)
    assert most == 4
    taken: list[bytes] = []

    def take() -> int:
        if batch := consumer.take(0.1):
            taken.extend(delivery.body[:2] for delivery in batch)
            consumer.acknowledge(batch)
        waiting: int = channel.queue_declare(QUEUE, passive=True).method.message_count
        return waiting + len(batch)

    eventually(take, lambda left: left == 0 and len(taken) >= 12, within=30)
    assert sorted(set(taken)) == [b"%2d" % n for n in range(12)]
