"""The deliveries as senders see them: due ones are taken under a lease, by the store's clock.

A taker's lease is a token of its own; every later write names it, so a sender that froze past its time is refused.
"""

import threading
from contextlib import suppress
from datetime import timedelta

from pymongo import ReturnDocument
from pymongo.database import Database
from pymongo.errors import PyMongoError

from services.notify.delivery_repository import DELIVERIES, from_document
from services.notify.domain.delivery import Delivery, DeliveryIsTakenByAnother
from shared.identifiers import new_id
from shared.store.documents import Document

_IS_DUE = {"due_at": {"$type": "date"}, "$expr": {"$lte": ["$due_at", "$$NOW"]}}
_INSERTED: list[Document] = [{"$match": {"operationType": "insert"}}, {"$project": {"_id": 1}}]


class Outbox:
    def __init__(self, database: Database[Document], lease: timedelta) -> None:
        self.database = database
        self._deliveries = database[DELIVERIES]
        self._lease_milliseconds = int(lease.total_seconds() * 1000)

    def take(self) -> Delivery | None:
        """The delivery that has been due for longest, with a new lease; None when nothing is due."""
        tried = {"attempts": {"$add": ["$attempts", 1]}, "tried_since": {"$ifNull": ["$tried_since", "$$NOW"]}}
        lease = {"state": "sending", "lease": new_id(), **tried}
        document = self._deliveries.find_one_and_update(
            {**_IS_DUE, "state": {"$ne": "handing_over"}},
            [{"$set": {**lease, **self._prolonged()}}],
            sort=[("due_at", 1)],
            return_document=ReturnDocument.AFTER,
        )
        return None if document is None else from_document(document)

    def mark_handing_over(self, delivery: Delivery) -> None:
        """On a majority before the final dot is said. Raises DeliveryIsTakenByAnother when the lease has ended."""
        marked = self._deliveries.update_one(
            {"_id": delivery.id, "lease": delivery.lease, "$expr": {"$gt": ["$due_at", "$$NOW"]}},
            [{"$set": {"state": "handing_over", **self._prolonged()}}],
        )
        if marked.matched_count == 0:
            raise DeliveryIsTakenByAnother(f"The lease on {delivery.id} has ended.")

    def orphans(self) -> list[Delivery]:
        """Handed over by somebody who has not recorded an answer in time."""
        return [from_document(d) for d in self._deliveries.find({**_IS_DUE, "state": "handing_over"}).limit(100)]

    def watch(self, arrived: threading.BoundedSemaphore, stopping: threading.Event) -> None:
        """Wakes a sender for each delivery written, up to all; while the stream is away, they find them by looking."""
        while not stopping.is_set():
            try:
                with self._deliveries.watch(_INSERTED, max_await_time_ms=500) as stream:
                    while stream.alive and not stopping.is_set():
                        if stream.try_next() is not None:
                            with suppress(ValueError):  # all are awake
                                arrived.release()
            except PyMongoError:
                stopping.wait(1.0)

    def _prolonged(self) -> Document:
        return {"due_at": {"$add": ["$$NOW", self._lease_milliseconds]}, "revision": {"$add": ["$revision", 1]}}
