"""What a worker lets be seen of itself: whether its loop turns, how far behind it is, what it lacks."""

import time
from collections.abc import Iterable
from datetime import datetime
from threading import Thread

from pymongo.database import Database

from shared import metrics
from shared.health import Finding, Health, broker_takes, events_leave, store_answers, threads_run
from shared.messaging.consumer import Consumer
from shared.messaging.parking import PARKED
from shared.messaging.publisher import Publisher
from shared.messaging.relay import oldest_unpublished
from shared.moments import utc_now
from shared.store.documents import Document

STUCK_SECONDS = 90.0  # a frozen store holds one try of a batch for up to 45 s


class Signs:
    def __init__(self, service: str, database: Database[Document], consumer: Consumer, publisher: Publisher) -> None:
        self._service, self._database = service, database
        self._consumer, self._publisher = consumer, publisher
        self._turned_at = time.monotonic()
        self._heard_until: datetime | None = None

    def turned(self) -> None:
        self._turned_at = time.monotonic()

    def applied(self, moment: datetime) -> None:
        """The time of the youngest event of a batch."""
        self._heard_until = moment

    def health(self, threads: list[Thread]) -> Health:
        connections = (self._consumer.connection, self._publisher.connection)
        running = threads_run([*threads, *(connection.thread for connection in connections)])
        return Health(
            f"{self._service}-worker",
            alive=[self._loop_turns, running],
            ready=[store_answers(self._database), events_leave(self._database), *map(broker_takes, connections)],
        )

    def show(self) -> None:
        """From now on the metrics tell."""
        metrics.started(self._service)
        metrics.watch(metrics.INBOX_MESSAGES.labels(self._service), self._consumer.waiting)
        metrics.watch(metrics.INBOX_LAG.labels(self._service), self._lag)
        metrics.watch(metrics.UNPUBLISHED_AGE.labels(self._service), self._unpublished_age)
        metrics.watch(metrics.PARKED.labels(self._service, "to_be_retried"), lambda: self._parked({"$ne": None}))
        metrics.watch(metrics.PARKED.labels(self._service, "for_a_person"), lambda: self._parked(None))

    def _loop_turns(self) -> Iterable[Finding]:
        still = time.monotonic() - self._turned_at
        return [Finding("loop", f"It has not turned for {still:.0f} s.")] if still > STUCK_SECONDS else []

    def _lag(self) -> float | None:
        """Where messages are no events, all that is known is when nothing waited the last time."""
        waiting = self._consumer.waiting()
        if waiting == 0:
            self._heard_until = utc_now()
        if waiting is None or self._heard_until is None:
            return None
        return (utc_now() - self._heard_until).total_seconds() if waiting else 0.0

    def _parked(self, next_try_at: Document | None) -> int:
        return self._database[PARKED].count_documents({"next_try_at": next_try_at})

    def _unpublished_age(self) -> float:
        oldest = oldest_unpublished(self._database)
        return (utc_now() - oldest).total_seconds() if oldest else 0.0
