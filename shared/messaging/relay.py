"""Publishes a service's event log, in commit order, under a lease.

It tails the log by change stream. The stream's token is saved about once a second, and only when all before it is
confirmed, or written down as refused. Ids are not commit order, so without a usable token the stream is opened first
and the log is published again from ten minutes before the last published moment, or from its start; hearers drop what
they have seen.
"""

import logging
import random
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from pymongo.change_stream import CollectionChangeStream
from pymongo.database import Database
from pymongo.errors import OperationFailure, PyMongoError

from shared import tracing
from shared.identifiers import earliest_id, moment_of
from shared.messaging.answers import Answers
from shared.messaging.publisher import Message, Publisher, PublisherLost
from shared.messaging.refused import Refused, oldest_refused
from shared.messaging.sign_of_life import SignOfLife
from shared.messaging.topology import EVENTS
from shared.moments import utc_now
from shared.store import lease
from shared.store.documents import Document
from shared.store.event_log import EVENT_LOG

LEASE_SECONDS = 4.0
SAVE_SECONDS = 1.0
STEADY_SECONDS = 3.0  # what fails after so long has worked before
OVERLAP = timedelta(minutes=10)
_ROW = ("_id", "type", "time", "body", "reply_to", "parent")
_STREAM: list[Document] = [
    {"$match": {"operationType": "insert"}},
    {"$project": {f"fullDocument.{name}": 1 for name in _ROW}},
]
_log = logging.getLogger(__name__)


def oldest_unpublished(database: Database[Document]) -> datetime | None:
    """The time of the oldest event that is not known to be published: what was saved may be two seconds old."""
    held = database["leases"].find_one({"_id": "relay"}) or {}
    later = {"_id": {"$gt": held["published_id"]}} if "published_id" in held else {}
    row = database[EVENT_LOG].find_one(later, {"time": 1}, sort=[("_id", 1)])
    times = [found["time"] for found in (row, oldest_refused(database)) if found]
    return min(*times, utc_now()) if times else None


class Relay:
    def __init__(self, service: str, database: Database[Document], publisher: Publisher, holder: str) -> None:
        self._service = service
        self._database = database
        self._publisher = publisher
        self._answers = Answers(publisher.url, f"{publisher.connection.name}-answers")
        self._holder = holder
        self._stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, name="relay", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self.thread.is_alive():
            self.thread.join(5)
        self._answers.stop()

    def _run(self) -> None:
        failures = 0
        leases = self._database["leases"]
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                opening = self._publisher.begin(timeout=0.5)
            except PublisherLost:
                continue  # who can't publish leaves the lease to who can
            try:
                held = lease.acquire(leases, "relay", self._holder, LEASE_SECONDS)
                if held is None:
                    self._stopping.wait(0.3)
                    continue
                try:
                    _Tail(
                        self._service, self._database, self._publisher, opening, self._answers, held, self._stopping
                    ).run()
                finally:
                    lease.release(leases, "relay", held["fence"])
            except (PyMongoError, PublisherLost) as error:
                failures = 1 if time.monotonic() - began > STEADY_SECONDS else failures + 1
                _log.warning("relay: %s; beginning again from the last saved place", error)
                self._stopping.wait(random.uniform(0.5, 1.0) * min(3.0, 0.1 * 2 ** min(failures, 6)))
            except Exception:
                _log.exception("relay: unexpected failure, beginning again")
                self._stopping.wait(1.0)


@dataclass(frozen=True)
class _Place:
    """How far the log was handed over; to be saved once all up to `count` is confirmed and `answers` are settled."""

    count: int
    answers: int
    state: Document


class _Tail:
    """One holding of the lease, within one opening of the publisher."""

    def __init__(
        self,
        service: str,
        database: Database[Document],
        publisher: Publisher,
        opening: int,
        answers: Answers,
        held: Document,
        stopping: threading.Event,
    ) -> None:
        self._log = database[EVENT_LOG]
        self._leases = database["leases"]
        self._publisher = publisher
        self._opening = opening
        self._answers = answers
        self._refused = Refused(database, publisher, opening, self._hand_over)
        self._sign = SignOfLife(service, publisher, self._hand_over)
        self._held = held
        self._stopping = stopping
        self._count = 0
        self._published: Document = {name: held[name] for name in ("published_at", "published_id") if name in held}
        self._place: _Place | None = None
        self._renewed_at = self._acquired_at = time.monotonic()
        self._is_lost = False

    def run(self) -> None:
        resumed = self._resumed()
        with resumed or self._watch(start_at_operation_time=self._readable_until()) as stream:
            if resumed is None:
                self._publish_again()
            reached: Any = None
            looked_at: datetime | None = None
            while stream.alive and not self._is_over():
                before, looked_at = looked_at, utc_now()
                change = stream.try_next()
                if change is not None:
                    row = change["fullDocument"]
                    self._publish(row)
                    self._sign.see_to(min(row["time"], looked_at), self._count)
                    looked_at = None
                elif before is not None:  # of two looks in vain, one was no new beginning of the stream
                    self._sign.see_to(before, self._count)
                reached = stream.resume_token
                self._keep(reached)
            self._keep_last(reached)

    def _resumed(self) -> CollectionChangeStream[Document] | None:
        token = self._held.get("token")
        try:
            return self._watch(resume_after=token) if token is not None else None
        except OperationFailure as error:
            _log.warning("relay: the saved token is not usable (%s)", error)
            return None

    def _watch(self, **start: Any) -> CollectionChangeStream[Document]:
        return self._log.watch(_STREAM, max_await_time_ms=250, batch_size=1000, **start)

    def _readable_until(self) -> Any:
        """The moment up to which a majority read, from now on, shows everything: docs/decisions/0034."""
        looked = self._log.database.command("find", EVENT_LOG, limit=1, readConcern={"level": "majority"})
        return looked["operationTime"]

    def _publish_again(self) -> None:
        published_at = self._held.get("published_at")
        since = {"_id": {"$gte": earliest_id(published_at - OVERLAP)}} if published_at else {}
        _log.info("relay: publishing again %s", f"since {published_at - OVERLAP}" if published_at else "from the start")
        for row in self._log.find(since, _ROW, batch_size=1000).sort("_id", 1):
            if self._is_over():
                return
            self._publish(row)
            self._published["published_at"] = min(row["time"], moment_of(row["_id"]))  # ids are the order here
            self._keep(None)

    def _publish(self, row: Document) -> None:
        self._count = self._hand_over(Message(row["_id"], EVENTS, row["type"], row["body"]))
        if reply_to := row.get("reply_to"):
            self._answers.give(Message(row["_id"], "", reply_to, row["body"]))
        newest = max(row["_id"], self._published.get("published_id", ""))
        self._published = {"published_at": row["time"], "published_id": newest}
        if tracing.is_recording():
            _record(row)

    def _hand_over(self, message: Message) -> int:
        while True:
            try:
                return self._publisher.publish(message, self._opening, timeout=0.25)
            except PublisherLost:
                self._keep(None)  # raises if it's lost; else the broker is only slow
                if self._is_over():
                    raise

    def _keep(self, token: Any) -> None:
        """Once a second: renew the lease, save the place reached a second ago if it is safe by now."""
        self._refused.see_to()
        if time.monotonic() - self._renewed_at < SAVE_SECONDS:
            return
        self._renewed_at = time.monotonic()
        if self._place is not None and self._is_safe(self._place):
            self._renew(self._place.state)
            self._place = None
        else:
            self._renew({})
        if self._place is None:
            self._place = self._here(token)

    def _keep_last(self, token: Any) -> None:
        if not self._is_lost and self._publisher.wait_answered(self._opening, timeout=3.0):
            self._refused.write_down()
            if self._is_safe(here := self._here(token)):
                self._renew(here.state)

    def _here(self, token: Any) -> _Place:
        """Without a token, while that isn't all that lies before it. No moment is later than the store's own."""
        now = self._held["until"] + timedelta(seconds=time.monotonic() - self._acquired_at - LEASE_SECONDS)
        latest = {"published_at": now, "published_id": earliest_id(now)}
        state = {name: min(reached, latest[name]) for name, reached in self._published.items()}
        return _Place(self._count, self._answers.given, state if token is None else {"token": token, **state})

    def _is_safe(self, place: _Place) -> bool:
        return self._publisher.confirmed >= place.count and self._answers.are_settled(place.answers)

    def _is_over(self) -> bool:
        return self._is_lost or self._stopping.is_set()

    def _renew(self, state: Document) -> None:
        self._is_lost = not lease.renew(self._leases, "relay", self._held["fence"], LEASE_SECONDS, **state)


def _record(row: Document) -> None:
    """The event's own span, from its commit to here."""
    own = orjson.loads(row["body"]).get("traceparent")
    if own:
        tracing.record(f"publish {row['type']}", "producer", own, row.get("parent"), row["time"].timestamp())
