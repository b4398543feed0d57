"""What one of two processes at a queue may say it has heard, on a real broker and store."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pika
import pytest
from pymongo.database import Database

from shared.hearers import Hearers
from shared.messaging import topology
from shared.messaging.consumer import Consumer, Look
from shared.moments import utc_now
from shared.store.documents import Document
from tests.integration.core import tally
from tests.support.eventually import eventually
from tests.support.sla_cast import utc

INBOX = "tally.inbox"


class _Process:
    def __init__(self, name: str, amqp_url: str, database: Database[Document]) -> None:
        self.consumer = Consumer(amqp_url, name, [INBOX])
        self._hearers = Hearers(database, name)
        self.consumer.connection.start()

    def handle(self) -> int:
        batch = self.consumer.take(timeout=0.25)
        if batch:
            self.consumer.acknowledge(batch)
        return len(batch)

    def heard_until(self) -> datetime | None:
        look = self.consumer.look()
        return None if look is None else self._hearers.all_heard_until(utc_now() if look.is_drained else None, look)


@pytest.fixture
def channel(amqp_url: str) -> Iterator[Any]:
    topology.declare(amqp_url, list(tally.QUEUES))
    connection = pika.BlockingConnection(pika.URLParameters(amqp_url))
    channel = connection.channel()
    channel.queue_purge(INBOX)
    channel.confirm_delivery()
    yield channel
    connection.close()


@pytest.fixture
def process(amqp_url: str, database: Database[Document]) -> Iterator[Callable[[str], _Process]]:
    started: list[_Process] = []

    def process(name: str) -> _Process:
        started.append(_Process(name, amqp_url, database))
        return started[-1]

    yield process
    for each in started:
        each.consumer.connection.stop()


def test_alone_one_has_heard_everything_once_nothing_waits_nor_is_in_hand(
    channel: Any, process: Callable[[str], _Process]
) -> None:
    alone = process("alone")
    eventually(alone.heard_until)
    channel.basic_publish("", INBOX, b"a reply")
    eventually(alone.heard_until, lambda moment: moment is None)
    assert eventually(alone.handle) == 1
    assert eventually(alone.heard_until) is not None


def test_what_another_process_has_in_hand_is_not_heard_yet(channel: Any, process: Callable[[str], _Process]) -> None:
    quick, frozen = process("quick"), process("frozen")
    eventually(lambda: quick.consumer.look(), lambda look: bool(look and look.consumers == 2))
    for number in range(10):
        channel.basic_publish("", INBOX, b"reply %d" % number)
    assert eventually(lambda: quick.handle() + sum(iter(quick.handle, 0))) == 5
    look = quick.consumer.look()
    assert look is not None
    assert (look.is_drained, look.consumers) == (True, 2)
    assert quick.heard_until() is None

    before = utc_now()
    assert sum(iter(frozen.handle, 0)) == 5
    eventually(lambda: (frozen.heard_until(), quick.heard_until())[1], lambda moment: bool(moment and moment > before))


def test_what_a_process_had_in_hand_when_it_ended_is_waited_for(
    channel: Any, process: Callable[[str], _Process]
) -> None:
    quick, dying = process("quick"), process("dying")
    eventually(lambda: (dying.heard_until(), quick.heard_until())[1])
    for number in range(10):
        channel.basic_publish("", INBOX, b"reply %d" % number)
    in_hand = utc_now()
    assert eventually(lambda: quick.handle() + sum(iter(quick.handle, 0))) == 5
    seen = quick.heard_until()
    assert seen is None or seen < in_hand
    dying.consumer.connection.stop()
    assert eventually(lambda: quick.handle() + sum(iter(quick.handle, 0))) == 5
    eventually(quick.heard_until, lambda moment: bool(moment and moment > in_hand))


def test_who_has_begun_anew_may_hold_what_another_gave_back(database: Database[Document]) -> None:
    """Two at a queue; one loses its connection, and what it had in hand may have gone to the other."""
    lost, other = Hearers(database, "lost"), Hearers(database, "other")
    began, at_nine, later = utc_now(), utc("2026-11-23 09:00"), utc("2026-11-23 09:01")
    assert other.all_heard_until(at_nine, Look(True, 2, began)) is None
    assert lost.all_heard_until(later, Look(True, 2, began)) == at_nine
    again = utc_now()
    assert lost.all_heard_until(later, Look(True, 2, again)) is None
    assert other.all_heard_until(later, Look(True, 2, began)) == later
