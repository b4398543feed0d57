"""What a worker does with messages that it could not handle: keeps them, and tries them again after a pause."""

import logging
import threading
import time
from collections.abc import Callable, Sequence

import pika
from pymongo.database import Database
from pymongo.errors import PyMongoError

from shared import logs, metrics
from shared.messaging.consumer import Delivery
from shared.messaging.parking import Parking
from shared.moments import utc_now
from shared.store.documents import Document
from shared.store.failures import StoreUnavailable, words
from shared.store.unit_of_work import Failed, Seen, UnitOfWork, Work

TURN_SECONDS = 0.25  # of each second, however many are due
_log = logging.getLogger(__name__)


class ParkedMessages:
    def __init__(
        self,
        service: str,
        database: Database[Document],
        unit_of_work: UnitOfWork,
        read: Callable[[Delivery], Work | None],
        stopping: threading.Event,
        turned: Callable[[], None],
    ) -> None:
        """`turned` is told that the worker waits, and is not stuck."""
        self._service = service
        self._parking = Parking(database)
        self._unit_of_work = unit_of_work
        self._read = read
        self._stopping = stopping
        self._turned = turned

    def keep(self, failed: Sequence[tuple[Delivery, Exception]]) -> bool:
        """True once all are kept; False when stopping came first."""
        return all(self._keep(delivery, error) for delivery, error in failed)

    def retry(self) -> None:
        """What is due by now, for a moment: then it's the turn of those who have just come."""
        until = time.monotonic() + TURN_SECONDS
        try:
            while time.monotonic() < until and not self._stopping.is_set():
                self._turned()
                row = self._parking.take_due(utc_now())
                if row is None:
                    return
                self._retry(row)
        except (PyMongoError, StoreUnavailable) as error:
            _log.warning("%s worker: parked messages wait: %s", self._service, words(error))

    def _keep(self, delivery: Delivery, error: Exception) -> bool:
        kind = type(error).__name__  # its text, which may be somebody's, stays with the message
        with logs.about(event=delivery.properties.message_id, type=delivery.routing_key):
            _log.error("%s worker: parking a message of %s: %s", self._service, delivery.queue, kind)
        while True:
            try:
                self._parking.park(
                    delivery.queue, delivery.routing_key, delivery.body, delivery.properties, error, utc_now()
                )
            except Exception as hindrance:  # whatever it is, the message isn't kept: its worker must not go on
                _log.warning("%s worker: can't park yet: %s", self._service, words(hindrance))
                self._turned()
                if self._stopping.wait(0.5):
                    return False
            else:
                metrics.PARKED_TOTAL.labels(self._service).inc()
                return True

    def _retry(self, row: Document) -> None:
        try:
            properties = pika.BasicProperties(message_id=row["message_id"], reply_to=row["reply_to"])
            work = self._read(Delivery(row["queue"], 0, None, self._parking.body(row), properties, row["routing_key"]))
            [outcome] = self._unit_of_work.run([work], patience=5.0) if work else [Seen()]
        except (PyMongoError, StoreUnavailable):
            raise
        except Exception as error:
            outcome = Failed(error)
        if isinstance(outcome, Failed):
            self._parking.failed_again(row, outcome.error, utc_now())
        else:
            with logs.about(event=row["message_id"], type=row["routing_key"]):
                _log.info("%s worker: a parked message of %s went through", self._service, row["queue"])
            self._parking.discard(row)
