"""Runs a service's worker from its tables: inbox, relay, parked messages and the service's own loops.

What arrived is handled as one batch and one transaction (`shared/store/unit_of_work.py`), then acknowledged. Handlers
know nothing of it.
"""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pika
from pymongo.database import Database
from pymongo.errors import PyMongoError

from shared import crash_points
from shared.events.envelope import Event, decode
from shared.messaging.consumer import Consumer, Delivery
from shared.messaging.parking import Parking
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay
from shared.messaging.subscription import Subscription
from shared.moments import utc_now
from shared.store.documents import Cause, Document
from shared.store.failures import StoreUnavailable
from shared.store.unit_of_work import Failed, Finish, Outcome, Seen, UnitOfWork, Work
from shared.threads import take_short_turns

INBOX_DAYS = 30
SETTLE_SECONDS = 5.0  # after a broker's absence the other services publish what they kept back
_log = logging.getLogger(__name__)


class TooOld(ValueError):
    """The inbox may have forgotten it, so it can't be told from a repetition."""


Reader = Callable[[Delivery], Work]


@dataclass(frozen=True)
class Loop:
    """A service's own thread: `run(stopping, watermark)` returns once `stopping` is set.

    `watermark()` is the moment up to which the service has heard everything: the wall clock while its queues are
    empty, else the time of the last event applied, None before the first.
    """

    name: str
    run: Callable[[threading.Event, Callable[[], datetime | None]], None]


@dataclass(frozen=True)
class Service:
    """`readers`: for queues that carry something else than our own events, what turns a delivery into work."""

    name: str
    database: Database[Document]
    amqp_url: str
    queues: Sequence[str]
    subscriptions: Sequence[Subscription]
    finish: Finish | None = None
    readers: Mapping[str, Reader] = field(default_factory=dict)
    loops: Sequence[Loop] = ()


def event_reader(subscriptions: Sequence[Subscription]) -> Callable[[bytes], Work | None]:
    """Bytes to work by the table; None for a type that the table doesn't name."""
    table = {s.type: s for s in subscriptions}

    def read(body: bytes) -> Work | None:
        event = decode(body)
        subscription = table.get(event.type)
        if subscription is None:
            return None
        if event.time < utc_now() - timedelta(days=INBOX_DAYS):
            raise TooOld(f"{event.type} of {event.time:%Y-%m-%d}, the inbox remembers {INBOX_DAYS} days")
        return work_for(event, subscription)

    return read


def work_for(event: Event[Any], subscription: Subscription) -> Work:
    return Work(
        run=lambda documents, now: subscription.handle(event, documents, now),
        cause=Cause(event.correlation_id, event.id, event.traceparent),
        keys=subscription.keys(event),
        id=event.id,
        event=event,
    )


class Worker:
    def __init__(self, service: Service) -> None:
        self._service = service
        holder = f"{socket.gethostname()}:{os.getpid()}"
        self._unit_of_work = UnitOfWork(service.database, service.name, service.finish)
        self._parking = Parking(service.database)
        self._consumer = Consumer(service.amqp_url, f"{service.name}-worker", service.queues)
        self._publisher = Publisher(service.amqp_url, f"{service.name}-relay")
        self._relay = Relay(service.database, self._publisher, holder)
        self._read_event = event_reader(service.subscriptions)
        self._stopping = threading.Event()
        self._last_applied: datetime | None = None

    def run(self) -> None:
        """Returns after SIGTERM or SIGINT: what is in hand is finished, committed and acknowledged first."""
        take_short_turns()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self._stopping.set())
        self._publisher.connection.start()
        self._relay.start()
        self._consumer.connection.start()
        loops = [
            threading.Thread(target=loop.run, name=loop.name, args=(self._stopping, self._watermark), daemon=True)
            for loop in self._service.loops
        ]
        for thread in loops:
            thread.start()
        _log.info("%s worker: up", self._service.name)
        retry_at = 0.0
        while not self._stopping.is_set():
            if batch := self._consumer.take(timeout=0.25):
                self._handle(batch)
            if time.monotonic() >= retry_at:
                retry_at = time.monotonic() + 1.0
                self._retry_parked()
        for thread in loops:
            thread.join(5)
        self._relay.stop()
        self._publisher.connection.stop()
        self._consumer.connection.stop()
        _log.info("%s worker: stopped", self._service.name)

    def _watermark(self) -> datetime | None:
        return utc_now() if self._consumer.is_drained(SETTLE_SECONDS) else self._last_applied

    def _handle(self, batch: list[Delivery]) -> None:
        works: list[Work] = []
        sources: list[Delivery] = []
        unreadable: list[tuple[Delivery, Exception]] = []
        for delivery in batch:
            try:
                work = self._read(delivery)
            except Exception as error:
                unreadable.append((delivery, error))
            else:
                if work is not None:
                    works.append(work)
                    sources.append(delivery)
        outcomes = self._run(works)
        if outcomes is None:
            return  # stopping: the broker delivers all of it again
        unreadable += [
            (source, outcome.error)
            for source, outcome in zip(sources, outcomes, strict=True)
            if isinstance(outcome, Failed)
        ]
        if self._park(unreadable):
            crash_points.reached("worker.before_ack")
            self._consumer.acknowledge(batch)
        heard = [work.event.time for work in works if work.event is not None]
        if heard:
            self._last_applied = max(heard)

    def _read(self, delivery: Delivery) -> Work | None:
        reader = self._service.readers.get(delivery.queue)
        return reader(delivery) if reader else self._read_event(delivery.body)

    def _run(self, works: list[Work]) -> list[Outcome] | None:
        while not self._stopping.is_set():
            try:
                return self._unit_of_work.run(works, patience=5.0) if works else []
            except StoreUnavailable as error:
                _log.warning(
                    "%s worker: the store is away, %d messages wait: %s", self._service.name, len(works), error
                )
        return None

    def _park(self, failed: list[tuple[Delivery, Exception]]) -> bool:
        """True once all are kept; False when stopping came first."""
        for delivery, error in failed:
            _log.error("%s worker: parking a message of %s: %s", self._service.name, delivery.queue, error)
            while True:
                try:
                    self._parking.park(
                        delivery.queue, delivery.routing_key, delivery.body, delivery.properties, error, utc_now()
                    )
                    break
                except PyMongoError as unavailable:
                    _log.warning("%s worker: can't park yet: %s", self._service.name, unavailable)
                    if self._stopping.wait(0.5):
                        return False
        return True

    def _retry_parked(self) -> None:
        try:
            while not self._stopping.is_set() and (row := self._parking.take_due(utc_now())):
                self._retry(row)
        except (PyMongoError, StoreUnavailable) as error:
            _log.warning("%s worker: parked messages wait: %s", self._service.name, error)

    def _retry(self, row: Document) -> None:
        try:
            properties = pika.BasicProperties(message_id=row["message_id"], reply_to=row["reply_to"])
            work = self._read(
                Delivery(row["queue"], 0, None, self._parking.body(row), properties, row["routing_key"], True)
            )
            [outcome] = self._unit_of_work.run([work], patience=5.0) if work else [Seen()]
        except (PyMongoError, StoreUnavailable):
            raise
        except Exception as error:
            outcome = Failed(error)
        if isinstance(outcome, Failed):
            self._parking.failed_again(row, outcome.error, utc_now())
        else:
            _log.info("%s worker: a parked message of %s went through", self._service.name, row["queue"])
            self._parking.discard(row)
