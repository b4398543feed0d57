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

from pymongo.database import Database

from shared import crash_points, one_core, status_server, tracing
from shared.events.envelope import Event, decode
from shared.hearers import Hearers
from shared.messaging.consumer import Consumer, Delivery
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay
from shared.messaging.sign_of_life import read_sign, sign_of
from shared.messaging.subscription import Subscription
from shared.moments import utc_now
from shared.parked_messages import ParkedMessages
from shared.settings import status_address
from shared.signs import Signs
from shared.store.documents import Cause, Document
from shared.store.failures import StoreUnavailable
from shared.store.unit_of_work import Failed, Finish, Outcome, UnitOfWork, Work
from shared.threads import join_within, take_short_turns
from shared.watermark import Watermark

INBOX_DAYS = 30
STOP_SECONDS = 5.0  # for the service's own loops together, so that SIGTERM is obeyed well within 20 s
_log = logging.getLogger(__name__)


class TooOld(ValueError):
    """The inbox may have forgotten it, so it can't be told from a repetition."""


Reader = Callable[[Delivery], Work]


@dataclass(frozen=True)
class Loop:
    """A service's own thread: `run(stopping, watermark)` returns once `stopping` is set.

    `watermark()` is the moment up to which the service has heard everything of `Service.facts_from`, None while it
    isn't known (`shared/watermark.py`).
    """

    name: str
    run: Callable[[threading.Event, Callable[[], datetime | None]], None]


@dataclass(frozen=True)
class Service:
    """`readers`: for queues that carry something else than our own events, what turns a delivery into work.
    `facts_from`: the service whose events the loops' watermark is about; without one it is never known.
    """

    name: str
    database: Database[Document]
    amqp_url: str
    queues: Sequence[str]
    subscriptions: Sequence[Subscription]
    finish: Finish | None = None
    readers: Mapping[str, Reader] = field(default_factory=dict)
    loops: Sequence[Loop] = ()
    facts_from: str | None = None


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
        self._consumer = Consumer(service.amqp_url, f"{service.name}-worker", service.queues)
        self._publisher = Publisher(service.amqp_url, f"{service.name}-relay")
        self._relay = Relay(service.name, service.database, self._publisher, holder)
        self._read_event = event_reader(service.subscriptions)
        self._signs = Signs(service.name, service.database, self._consumer, self._publisher)
        self._stopping = threading.Event()
        self._parked = ParkedMessages(
            service.name, service.database, self._unit_of_work, self._read, self._stopping, self._signs.turned
        )
        hearers = Hearers(service.database, holder)
        self._key_of_signs = sign_of(service.facts_from) if service.facts_from else None
        self._watermark = Watermark(service.facts_from, self._consumer.look, hearers.all_heard_until)

    def run(self) -> None:
        """Returns after SIGTERM or SIGINT: what is in hand is finished, committed and acknowledged first."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self.stop())
        one_core.stay(f"{self._service.name}-worker")
        self.work()

    def stop(self) -> None:
        self._stopping.set()
        self._consumer.wake()

    def work(self) -> None:
        """As `run`, until `stop` is called."""
        take_short_turns()
        tracing.configure(f"{self._service.name}-worker")
        self._publisher.connection.start()
        self._relay.start()
        self._consumer.connection.start()
        loops = [
            threading.Thread(
                target=loop.run, name=loop.name, args=(self._stopping, self._watermark.moment), daemon=True
            )
            for loop in self._service.loops
        ]
        for thread in loops:
            thread.start()
        self._signs.show()
        with status_server.opened(status_address(), self._signs.health([*loops, self._relay.thread])):
            _log.info("%s worker: up", self._service.name)
            self._turn()
            join_within(STOP_SECONDS, loops)
        self._relay.stop()
        self._publisher.connection.stop()
        self._consumer.connection.stop()
        _log.info("%s worker: stopped", self._service.name)

    def _turn(self) -> None:
        retry_at = 0.0
        while not self._stopping.is_set():
            self._signs.turned()
            if batch := self._consumer.take(timeout=0.25):
                self._handle(batch)
            if time.monotonic() >= retry_at:
                retry_at = time.monotonic() + 1.0
                self._parked.retry()

    def _handle(self, batch: list[Delivery]) -> None:
        began = time.time()
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
        if heard := [work.event for work in works if work.event is not None]:
            self._watermark.applied(heard)  # before the queue may look empty
            self._signs.applied(max(event.time for event in heard))
        if self._parked.keep(unreadable):
            crash_points.reached("worker.before_ack")
            self._consumer.acknowledge(batch)
        unreadable.clear()  # an error knows this frame and so itself: with its message it would be kept for long
        if tracing.is_recording():
            for work, source in zip(works, sources, strict=True):
                _record(work, source, began)

    def _read(self, delivery: Delivery) -> Work | None:
        if delivery.routing_key == self._key_of_signs:
            self._watermark.signed(read_sign(delivery.body))
            return None
        reader = self._service.readers.get(delivery.queue)
        return reader(delivery) if reader else self._read_event(delivery.body)

    def _run(self, works: list[Work]) -> list[Outcome] | None:
        while not self._stopping.is_set():
            self._signs.turned()
            try:
                return self._unit_of_work.run(works, patience=5.0) if works else []
            except StoreUnavailable as error:
                _log.warning(
                    "%s worker: the store is away, %d messages wait: %s", self._service.name, len(works), error
                )
        return None


def _record(work: Work, delivery: Delivery, began: float) -> None:
    parent = work.cause.traceparent
    name = f"process {delivery.routing_key}"
    tracing.record(name, "consumer", tracing.next_hop(parent), parent, began, event=work.id, queue=delivery.queue)
