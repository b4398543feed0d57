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


class _Seen:
    """What each of several processes has heard, as it says when it looks."""

    def __init__(self, database: Database[Document]) -> None:
        self._database = database
        self._hearers: dict[str, Hearers] = {}

    def look(
        self, name: str, at: str, heard: str, consumers: int, *, since: str = "2026-11-23 16:50", is_drained: bool
    ) -> datetime | None:
        hearers = self._hearers.setdefault(name, Hearers(self._database, name))
        return hearers.all_heard_until(utc(heard), Look(is_drained, consumers, utc(since), utc(at)))


NINE, FIVE = "2026-11-23 09:01", "2026-11-23 16:59"


@pytest.fixture
def seen(database: Database[Document]) -> _Seen:
    """Two that catch up after an absence of eight hours: `slow` has heard up to nine, `quick` its half up to five."""
    seen = _Seen(database)
    for at in ("2026-11-23 17:00:00", "2026-11-23 17:00:01"):
        seen.look("slow", at, "2026-11-23 08:59", 2, is_drained=True)
        seen.look("quick", at, "2026-11-23 08:59", 2, is_drained=True)
    assert seen.look("slow", "2026-11-23 17:00:02", NINE, 2, is_drained=False) == utc("2026-11-23 08:59")
    assert seen.look("quick", "2026-11-23 17:00:02", FIVE, 2, is_drained=False) == utc(NINE)
    return seen


def test_what_one_that_is_gone_gave_back_is_heard_first(seen: _Seen) -> None:
    assert seen.look("quick", "2026-11-23 17:00:03", FIVE, 1, is_drained=False) == utc(NINE)
    assert seen.look("quick", "2026-11-23 17:00:04", FIVE, 1, is_drained=False) == utc(NINE)
    assert seen.look("quick", "2026-11-23 17:00:05", FIVE, 1, is_drained=True) == utc(FIVE)
    assert seen.look("quick", "2026-11-23 17:00:06", "2026-11-23 17:00", 1, is_drained=False) == utc("2026-11-23 17:00")


def test_who_has_begun_anew_may_hold_what_another_gave_back(seen: _Seen) -> None:
    again = "2026-11-23 17:00:03"
    assert seen.look("quick", "2026-11-23 17:00:04", FIVE, 2, since=again, is_drained=False) is None
    assert seen.look("slow", "2026-11-23 17:00:05", FIVE, 2, is_drained=True) is None
    assert seen.look("quick", "2026-11-23 17:00:06", FIVE, 2, since=again, is_drained=False) == utc(NINE)
    assert seen.look("slow", "2026-11-23 17:00:07", FIVE, 2, is_drained=True) == utc(NINE)
    assert seen.look("quick", "2026-11-23 17:00:08", FIVE, 2, since=again, is_drained=True) == utc(FIVE)


def test_of_three_the_two_that_are_left_both_hear_all_that_the_third_gave_back(seen: _Seen) -> None:
    for at in ("2026-11-23 17:01:00", "2026-11-23 17:01:01"):
        for name in ("slow", "quick", "third"):
            seen.look(name, at, NINE, 3, is_drained=True)
    assert seen.look("quick", "2026-11-23 17:01:02", FIVE, 3, is_drained=False) == utc(NINE)
    assert seen.look("third", "2026-11-23 17:01:02", FIVE, 3, is_drained=False) == utc(NINE)
    assert seen.look("quick", "2026-11-23 17:01:03", FIVE, 2, is_drained=True) is None  # third knew of slow
    assert seen.look("third", "2026-11-23 17:01:04", FIVE, 2, is_drained=False) is None
    assert seen.look("quick", "2026-11-23 17:01:05", FIVE, 2, is_drained=True) == utc(NINE)
    assert seen.look("third", "2026-11-23 17:01:06", FIVE, 2, is_drained=True) == utc(FIVE)


def test_one_that_begins_where_all_are_gone_hears_everything_first(seen: _Seen) -> None:
    begun = "2026-11-23 17:10"
    assert seen.look("new", "2026-11-23 17:10:01", FIVE, 1, since=begun, is_drained=False) is None
    assert seen.look("new", "2026-11-23 17:10:02", FIVE, 1, since=begun, is_drained=True) == utc(FIVE)
