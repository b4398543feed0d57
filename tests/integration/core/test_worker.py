"""A real worker process on a real broker and store, killed at the worst moments: one effect per message, always."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pika
import pytest
from pymongo.database import Database

from shared.events.envelope import Event, decode, encode
from shared.messaging import topology
from shared.messaging.consumer import Delivery
from shared.messaging.parking import Parking
from shared.parked_messages import ParkedMessages
from shared.store.documents import Document
from shared.store.unit_of_work import UnitOfWork
from tests.integration.core import tally
from tests.integration.core.events import ticket_created
from tests.support.eventually import eventually
from tests.support.odd_headers import ODD_HEADERS, OddProperties

AGO = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def channel(amqp_url: str) -> Iterator[Any]:
    topology.declare(amqp_url, list(tally.QUEUES))
    connection = pika.BlockingConnection(pika.URLParameters(amqp_url))
    channel = connection.channel()
    for queue in tally.QUEUES:
        channel.queue_purge(queue.name)
    channel.confirm_delivery()
    yield channel
    connection.close()


@pytest.fixture
def start(database: Database[Document], mongo_url: str, amqp_url: str) -> Iterator[Start]:
    """Starts a tally worker; `crash_at` names the place where it ends itself."""
    started: list[subprocess.Popen[bytes]] = []

    def start(crash_at: str = "") -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.core.tally", mongo_url, amqp_url, database.name],
            env={**os.environ, "RELAYDESK_CRASH_AT": crash_at},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.kill()
        process.wait(10)


def publish(channel: Any, events: list[Event[Any]], times: int = 1) -> None:
    for _ in range(times):
        for event in events:
            channel.basic_publish(topology.EVENTS, event.type, encode(event), pika.BasicProperties(delivery_mode=2))


def announced(channel: Any, into: dict[str, str]) -> dict[str, str]:
    """Event id -> ticket number of all announcements that reached the broker so far."""
    while True:
        method, _, body = channel.basic_get("tally.announced", auto_ack=True)
        if method is None:
            return into
        event = decode(body)
        into[event.id] = event.data.ticket.number


def assert_each_once(channel: Any, database: Database[Document], expected: int) -> None:
    seen: dict[str, str] = {}
    eventually(lambda: len(announced(channel, seen)), lambda n: n >= expected, within=40)
    assert sorted(seen.values()) == sorted(str(n) for n in range(expected))
    assert {row["count"] for row in database["tallies"].find()} == {1}
    assert database["tallies"].count_documents({}) == expected
    assert database["parked"].count_documents({}) == 0


@pytest.mark.parametrize(
    "place",
    ["unit_of_work.before_commit", "unit_of_work.after_commit", "worker.before_ack", "relay.before_publish:7",
     "relay.after_confirm:2"],
)  # fmt: skip
def test_killed_at(place: str, channel: Any, database: Database[Document], start: Start) -> None:
    publish(channel, [ticket_created(str(n)) for n in range(300)])
    assert start(crash_at=place).wait(30) == -signal.SIGKILL
    start()
    assert_each_once(channel, database, 300)


def test_two_replicas_share_the_work_and_a_frozen_one_doubles_nothing(
    channel: Any, database: Database[Document], start: Start
) -> None:
    """It freezes in the middle: with the relay's lease, with messages in hand, with announcements yet to be made."""
    events = [ticket_created(str(n)) for n in range(600)]
    one = start()
    holder = f"{socket.gethostname()}:{one.pid}"
    publish(channel, events[:300])
    eventually(lambda: relay_holder(database), lambda name: name == holder)
    eventually(lambda: database["tallies"].count_documents({}), within=30)
    publish(channel, events[300:450])
    one.send_signal(signal.SIGSTOP)
    start()
    eventually(lambda: relay_holder(database), lambda name: name != holder, within=30)
    eventually(lambda: consumers(channel), lambda n: n == 2)
    publish(channel, events[450:])
    of_the_other = {"number": {"$in": [str(n) for n in range(450, 600)]}}
    eventually(lambda: database["tallies"].count_documents(of_the_other), within=30)
    one.send_signal(signal.SIGCONT)
    assert_each_once(channel, database, 600)


def relay_holder(database: Database[Document]) -> str | None:
    return (database["leases"].find_one({"_id": "relay"}) or {}).get("holder")


def consumers(channel: Any) -> int:
    count: int = channel.queue_declare("tally.inbox", passive=True).method.consumer_count
    return count


def test_a_log_without_its_token_is_published_again(channel: Any, database: Database[Document], start: Start) -> None:
    publish(channel, [ticket_created(str(n)) for n in range(50)])
    first = start()
    assert_each_once(channel, database, 50)
    eventually(lambda: database["leases"].find_one({"_id": "relay"}), lambda row: "token" in (row or {}))
    first.terminate()
    assert first.wait(15) == 0
    database["leases"].update_one({"_id": "relay"}, {"$unset": {"token": "", "published_at": ""}})
    start()
    seen: dict[str, str] = {}
    eventually(lambda: len(announced(channel, seen)), lambda n: n == 50, within=30)


def test_every_event_three_times_in_any_order(channel: Any, database: Database[Document], start: Start) -> None:
    publish(channel, [ticket_created(str(n)) for n in range(100)], times=3)
    start()
    assert_each_once(channel, database, 100)


def test_poison_is_parked_whole_and_its_neighbours_flow(
    channel: Any, database: Database[Document], start: Start
) -> None:
    poison = [b"", b"not json", b"[]", b'{"specversion":"1.0"}', b"\xff\xfe", encode(ticket_created("9", "raise"))]
    for body in poison:
        channel.basic_publish(topology.EVENTS, "ticket.created", body)
    publish(channel, [ticket_created(str(n)) for n in range(20)])
    start()
    rows = eventually(lambda: list(database["parked"].find()), lambda rows: len(rows) == 6)
    assert sorted(row["body"] for row in rows) == sorted(poison)
    assert all(row["reason"] and row["next_try_at"] for row in rows)
    assert eventually(lambda: database["tallies"].count_documents({}), lambda n: n == 20) == 20


def test_messages_with_odd_headers_are_handled_or_parked_as_all_others(
    channel: Any, database: Database[Document], start: Start
) -> None:
    for n, headers in enumerate(ODD_HEADERS.values()):
        for body in (encode(ticket_created(str(n))), f"no event {n}".encode()):
            channel.basic_publish(topology.EVENTS, "ticket.created", body, OddProperties(headers, f"odd {n}"))
    publish(channel, [ticket_created("8")])
    worker = start()
    assert eventually(lambda: database["tallies"].count_documents({}), lambda n: n == 9) == 9
    rows = eventually(lambda: list(database["parked"].find().sort("message_id")), lambda rows: len(rows) == 8)
    assert [(row["body"], row["message_id"], len(row["headers"])) for row in rows] == [
        (f"no event {n}".encode(), f"odd {n}", 1) for n in range(8)
    ]
    assert rows[0]["headers"] == [["at", "1735689600000"]]
    assert worker.poll() is None


def test_a_parked_message_goes_through_once_its_cause_is_gone(
    channel: Any, database: Database[Document], start: Start
) -> None:
    database["tallies"].insert_one({"_id": "another", "number": "1", "count": 0, "version": 0, "revision": 1})
    publish(channel, [ticket_created("1")])
    start()
    eventually(lambda: database["parked"].count_documents({}), lambda n: n == 1)
    database["tallies"].delete_one({"_id": "another"})
    assert eventually(lambda: database["tallies"].count_documents({"count": 1}), lambda n: n == 1) == 1
    assert eventually(lambda: database["parked"].count_documents({}), lambda n: n == 0) == 0


def test_parked_messages_that_are_due_hold_up_neither_new_ones_nor_the_signs_of_life(
    database: Database[Document],
) -> None:
    turns: list[int] = []
    parking = Parking(database)
    for n in range(200):
        parking.park(
            "tally.inbox", "ticket.created", f"no event {n}".encode(), pika.BasicProperties(), ValueError(), AGO
        )

    def read(delivery: Delivery) -> None:
        stood.wait(0.02)
        raise ValueError("still no event")

    stood = threading.Event()
    unit_of_work = UnitOfWork(database, "tally")
    ParkedMessages("tally", database, unit_of_work, read, threading.Event(), lambda: turns.append(1)).retry()
    tried = database["parked"].count_documents({"attempts": 2})
    assert 1 <= tried <= 13
    assert len(turns) >= tried


def test_sigterm_ends_a_worker_cleanly(channel: Any, database: Database[Document], start: Start) -> None:
    publish(channel, [ticket_created("0")])
    process = start()
    assert_each_once(channel, database, 1)
    process.terminate()
    assert process.wait(15) == 0
