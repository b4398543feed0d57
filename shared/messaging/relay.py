"""Publishes a service's event log, in commit order, under a lease.

It tails the log by change stream. The stream's token is saved about once a second, and only when all before it is
confirmed. Ids are not commit order, so without a usable token the stream is opened first and the log is published
again from ten minutes before the last published moment, or from its start; hearers drop what they have seen.
"""

import logging
import random
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import orjson
from pymongo.change_stream import CollectionChangeStream
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import OperationFailure, PyMongoError

from shared import tracing
from shared.identifiers import earliest_id
from shared.messaging.publisher import Message, Publisher, PublisherLost
from shared.messaging.topology import EVENTS
from shared.store import lease
from shared.store.documents import Document
from shared.store.event_log import EVENT_LOG

LEASE_SECONDS = 4.0
SAVE_SECONDS = 1.0
OVERLAP = timedelta(minutes=10)
_STREAM: list[Document] = [
    {"$match": {"operationType": "insert"}},
    {"$project": {f"fullDocument.{name}": 1 for name in ("_id", "type", "time", "body", "reply_to", "parent")}},
]
_log = logging.getLogger(__name__)


def oldest_unpublished(database: Database[Document]) -> datetime | None:
    """The time of the oldest event that is not known to be published: what was saved may be two seconds old."""
    held = database["leases"].find_one({"_id": "relay"}) or {}
    later = {"_id": {"$gt": held["published_id"]}} if "published_id" in held else {}
    row = database[EVENT_LOG].find_one(later, {"time": 1}, sort=[("_id", 1)])
    return row["time"] if row else None


class Relay:
    def __init__(self, database: Database[Document], publisher: Publisher, holder: str) -> None:
        self._log = database[EVENT_LOG]
        self._leases = database["leases"]
        self._publisher = publisher
        self._holder = holder
        self._stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, name="relay", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self.thread.is_alive():
            self.thread.join(5)

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                held = lease.acquire(self._leases, "relay", self._holder, LEASE_SECONDS)
                if held is None:
                    self._stopping.wait(0.3)
                    continue
                failures = 0
                try:
                    _Tail(self._log, self._leases, self._publisher, held, self._stopping).run()
                finally:
                    lease.release(self._leases, "relay", held["fence"])
            except (PyMongoError, PublisherLost) as error:
                failures += 1
                _log.warning("relay: %s; beginning again from the last saved place", error)
                self._stopping.wait(random.uniform(0.5, 1.0) * min(3.0, 0.1 * 2 ** min(failures, 6)))
            except Exception:
                _log.exception("relay: unexpected failure, beginning again")
                self._stopping.wait(1.0)


class _Tail:
    """One holding of the lease."""

    def __init__(
        self,
        log: Collection[Document],
        leases: Collection[Document],
        publisher: Publisher,
        held: Document,
        stopping: threading.Event,
    ) -> None:
        self._log = log
        self._leases = leases
        self._publisher = publisher
        self._held = held
        self._stopping = stopping
        self._opening = 0
        self._count = 0
        self._published: Document = {name: held[name] for name in ("published_at", "published_id") if name in held}
        self._place: tuple[int, Any, Document] | None = None  # (count, token, published) to be saved once confirmed
        self._renewed_at = time.monotonic()
        self._is_lost = False

    def run(self) -> None:
        while not self._stopping.is_set() and not self._is_lost:
            try:
                self._opening = self._publisher.begin(timeout=1.0)
                break
            except PublisherLost:
                self._keep(None)
        else:
            return
        with self._open() as stream:
            while stream.alive and not self._stopping.is_set() and not self._is_lost:
                change = stream.try_next()
                if change is not None:
                    self._publish(change["fullDocument"])
                self._keep(stream.resume_token)
            if not self._is_lost and self._publisher.wait_confirmed(self._count, self._opening, timeout=3.0):
                self._save(stream.resume_token, self._published)

    def _open(self) -> CollectionChangeStream[Document]:
        token = self._held.get("token")
        if token is not None:
            try:
                return self._watch(resume_after=token)
            except OperationFailure as error:
                _log.warning("relay: the saved token is not usable (%s)", error)
        stream = self._watch(start_at_operation_time=self._readable_until())
        for row in self._again():
            self._publish(row)
            self._keep(None)
        return stream

    def _watch(self, **start: Any) -> CollectionChangeStream[Document]:
        return self._log.watch(_STREAM, max_await_time_ms=250, batch_size=1000, **start)

    def _readable_until(self) -> Any:
        """The moment up to which a majority read, from now on, shows everything: docs/decisions/0034."""
        looked = self._log.database.command("find", EVENT_LOG, limit=1, readConcern={"level": "majority"})
        return looked["operationTime"]

    def _again(self) -> Iterator[Document]:
        published_at = self._held.get("published_at")
        since = {"_id": {"$gte": earliest_id(published_at - OVERLAP)}} if published_at else {}
        _log.info("relay: publishing again %s", f"since {published_at - OVERLAP}" if published_at else "from the start")
        return self._log.find(since, {"type": 1, "time": 1, "body": 1, "reply_to": 1, "parent": 1}).sort("_id", 1)

    def _publish(self, row: Document) -> None:
        message = Message(row["_id"], EVENTS, row["type"], row["body"])
        while True:
            try:
                self._count = self._publisher.publish(message, self._opening, timeout=1.0)
                break
            except PublisherLost:
                self._publisher.check(self._opening)  # raises if it's lost; else the broker is only slow
                self._keep(None)
                if self._is_lost or self._stopping.is_set():
                    raise
        if reply_to := row.get("reply_to"):
            self._count = self._publisher.publish(
                Message(row["_id"], "", reply_to, row["body"]), self._opening, timeout=5.0
            )
        newest = max(row["_id"], self._published.get("published_id", ""))
        self._published = {"published_at": row["time"], "published_id": newest}
        if tracing.is_recording():
            _record(row)

    def _keep(self, token: Any) -> None:
        """Once a second: renew the lease, save the place reached a second ago if it is confirmed by now."""
        if time.monotonic() - self._renewed_at < SAVE_SECONDS:
            return
        self._renewed_at = time.monotonic()
        if self._opening:
            self._publisher.check(self._opening)
        if self._place is not None and self._publisher.confirmed >= self._place[0]:
            _, place_token, published = self._place
            self._place = None
            self._save(place_token, published)
        else:
            self._is_lost = not lease.renew(self._leases, "relay", self._held["fence"], LEASE_SECONDS)
        if token is not None and self._place is None:
            self._place = (self._count, token, self._published)

    def _save(self, token: Any, published: Document) -> None:
        state = {"token": token, **published}
        self._is_lost = not lease.renew(self._leases, "relay", self._held["fence"], LEASE_SECONDS, **state)


def _record(row: Document) -> None:
    """The event's own span, from its commit to here."""
    own = orjson.loads(row["body"]).get("traceparent")
    if own:
        tracing.record(f"publish {row['type']}", "producer", own, row.get("parent"), row["time"].timestamp())
