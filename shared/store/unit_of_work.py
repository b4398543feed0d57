"""Many messages, one transaction: the core that workers and HTTP doors share (design: one batch, one transaction).

Each work is handled in memory on documents loaded together; the changes, the inbox rows and the announcements are
committed at once. Three failures have three answers: what is nobody's fault is run again, whole, until it succeeds or
patience ends; a work whose handler raises leaves alone; so does a work whose write the store refuses.
"""

import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pymongo import InsertOne, ReplaceOne
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import BulkWriteError, PyMongoError

from shared import crash_points, metrics, tracing
from shared.events.envelope import Event, encode, type_of
from shared.identifiers import new_id
from shared.moments import utc_now
from shared.store.client import begin
from shared.store.documents import Announcement, Cause, Changes, Document, Documents, Key
from shared.store.failures import (
    DUPLICATE_KEY,
    GuardMissed,
    StoreUnavailable,
    WriteRefused,
    is_nobodys_fault,
    is_refusal,
    refusal_index,
    words,
)

EVENT_LOG = "event_log"
INBOX = "inbox"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Work:
    """One message or request. `id` names it in the inbox; None where the door itself knows repetitions."""

    run: Callable[[Documents, datetime], Changes]
    cause: Cause
    keys: Sequence[Key] = ()
    id: str | None = None
    event: Any = None  # what `finish` may look at


@dataclass(frozen=True)
class Done:
    answer: Any = None


@dataclass(frozen=True)
class Seen:
    """Its effect was committed before."""


@dataclass(frozen=True)
class Failed:
    error: Exception


Outcome = Done | Seen | Failed
Finish = Callable[[Documents, Sequence[Any], datetime], Changes]


@dataclass
class _Attempt:
    """What one run of a batch wants to write."""

    documents: Documents
    is_in_doubt: bool  # whether what is taken as new really is
    verdicts: dict[int, Outcome] = field(default_factory=dict)
    rows: list[tuple[str, Document, list[int]]] = field(default_factory=list)
    log: list[Document] = field(default_factory=list)
    handled: list[int] = field(default_factory=list)


class UnitOfWork:
    def __init__(
        self,
        database: Database[Document],
        source: str,
        finish: Finish | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._source = source
        self._finish = finish
        self._now = now

    def run(self, works: Sequence[Work], patience: float = float("inf")) -> list[Outcome]:
        """An outcome for each work, in order. Raises StoreUnavailable when `patience` seconds did not suffice."""
        began = time.monotonic()
        try:
            outcomes = self._run(works, patience)
        except StoreUnavailable:
            metrics.STORE_GIVEN_UP.labels(self._source).inc()
            raise
        metrics.TRANSACTION_SECONDS.labels(self._source).observe(time.monotonic() - began)
        metrics.TRANSACTION_WORKS.labels(self._source).observe(len(works))
        for kind, count in Counter(map(type, outcomes)).items():
            metrics.OUTCOMES.labels(self._source, kind.__name__.lower()).inc(count)
        return outcomes

    def _run(self, works: Sequence[Work], patience: float) -> list[Outcome]:
        outcomes: dict[int, Outcome] = {}
        deadline = time.monotonic() + patience
        duplicates: Counter[int] = Counter()
        tries = 0
        is_in_doubt = False
        while remaining := [i for i in range(len(works)) if i not in outcomes]:
            try:
                self._attempt(works, remaining, outcomes, deadline, is_in_doubt)
            except WriteRefused as refused:
                culprits = refused.works if len(refused.works) == 1 else remaining
                duplicates.update(culprits)
                if refused.is_duplicate and duplicates[culprits[0]] == 1:
                    is_in_doubt = True  # another process may have made it just now: look again
                    continue
                if len(culprits) == 1:
                    outcomes[culprits[0]] = Failed(refused)
                else:
                    self._run_one_by_one(works, remaining, outcomes, deadline)
            except Exception as error:
                if not is_nobodys_fault(error):
                    if len(remaining) > 1:
                        self._run_one_by_one(works, remaining, outcomes, deadline)
                        continue
                    outcomes[remaining[0]] = Failed(error)
                    continue
                tries += 1
                metrics.STORE_RETRIES.labels(self._source).inc()
                pause = random.uniform(0.5, 1.0) * min(2.0, 0.005 * 2 ** min(tries, 9))
                if time.monotonic() + pause > deadline:
                    raise StoreUnavailable(words(error)) from error
                if tries > 3:
                    _log.warning("the store did not take a batch of %d, trying again: %s", len(remaining), words(error))
                time.sleep(pause)
        return [outcomes[i] for i in range(len(works))]

    def _run_one_by_one(
        self, works: Sequence[Work], remaining: list[int], outcomes: dict[int, Outcome], deadline: float
    ) -> None:
        for i in remaining:
            [outcomes[i]] = self._run([works[i]], deadline - time.monotonic())

    def _attempt(
        self,
        works: Sequence[Work],
        remaining: list[int],
        outcomes: dict[int, Outcome],
        deadline: float,
        is_in_doubt: bool,
    ) -> None:
        seen = self._seen([works[i].id for i in remaining])
        attempt = _Attempt(Documents(self._database), is_in_doubt)
        fresh = []
        for i in remaining:
            identity = works[i].id
            if identity is not None and identity in seen:
                attempt.verdicts[i] = Seen()
            else:
                fresh.append(i)
                if identity is not None:
                    seen.add(identity)
        now = self._now()
        attempt.documents.load(key for i in fresh for key in works[i].keys)
        for i in fresh:
            try:
                changes = works[i].run(attempt.documents, now)
                self._take(attempt, changes, works[i].cause, [i])
            except Exception as error:
                if is_nobodys_fault(error):
                    raise
                attempt.verdicts[i] = Failed(error)
            else:
                attempt.handled.append(i)
                attempt.verdicts[i] = Done(changes.answer)
        if attempt.handled:
            self._finish_and_commit(attempt, works, now, deadline)
        outcomes.update(attempt.verdicts)

    def _finish_and_commit(self, attempt: _Attempt, works: Sequence[Work], now: datetime, deadline: float) -> None:
        if self._finish:
            changes = self._finish(attempt.documents, [works[i].event for i in attempt.handled], now)
            self._take(attempt, changes, works[attempt.handled[-1]].cause, attempt.handled)
        inbox = [(i, {"_id": works[i].id, "at": now}) for i in attempt.handled if works[i].id is not None]
        self._commit(attempt, inbox, deadline)

    def _seen(self, ids: Sequence[str | None]) -> set[str]:
        wanted = [i for i in ids if i is not None]
        if not wanted:
            return set()
        return {row["_id"] for row in self._database[INBOX].find({"_id": {"$in": wanted}}, {"_id": 1})}

    def _take(self, attempt: _Attempt, changes: Changes, cause: Cause, by: list[int]) -> None:
        log = [self._log_row(announcement, cause) for announcement in changes.events]
        attempt.documents.apply(changes, by)
        attempt.rows += [(collection, row, by) for collection, row in changes.rows]
        attempt.log += log

    def _log_row(self, announcement: Announcement, cause: Cause) -> Document:
        cause = announcement.cause or cause
        event = Event(
            id=new_id(),
            type=type_of(announcement.data),
            source=self._source,
            subject=announcement.subject,
            time=announcement.time,
            sequence=announcement.sequence,
            data=announcement.data,
            correlation_id=cause.correlation_id,
            causation_id=cause.causation_id,
            traceparent=tracing.next_hop(cause.traceparent),
        )
        row: Document = {
            "_id": event.id,
            "type": event.type,
            "subject": event.subject,
            "sequence": event.sequence,
            "time": event.time,
            "body": encode(event),
        }
        if tracing.is_recording() and cause.traceparent:
            row["parent"] = cause.traceparent  # the relay writes down the event's span
        if announcement.reply_to:
            row["reply_to"] = announcement.reply_to
        return row

    def _commit(self, attempt: _Attempt, inbox: list[tuple[int, Document]], deadline: float) -> None:
        if attempt.is_in_doubt:
            attempt.documents.look_up_unknown()
        inserts: dict[str, list[tuple[Document, list[int]]]] = {}
        replaces: dict[str, list[tuple[ReplaceOne[Document], list[int]]]] = {}
        for collection, document, revision, by in attempt.documents.writes():
            document = {**document, "revision": revision + 1}
            if revision:
                guard = {"_id": document["_id"], "revision": revision}
                replaces.setdefault(collection, []).append((ReplaceOne(guard, document), by))
            else:
                inserts.setdefault(collection, []).append((document, by))
        for collection, row, by in attempt.rows:
            inserts.setdefault(collection, []).append((row, by))
        if attempt.log:
            inserts[EVENT_LOG] = [(row, attempt.handled) for row in attempt.log]
        with self._database.client.start_session() as session:
            begin(session)
            try:
                if inbox:
                    self._write(INBOX, [InsertOne(row) for _, row in inbox], [[i] for i, _ in inbox], session)
                for collection, writes in replaces.items():
                    self._write(collection, [w for w, _ in writes], [by for _, by in writes], session)
                for collection, rows in inserts.items():
                    self._write(collection, [InsertOne(d) for d, _ in rows], [by for _, by in rows], session)
                crash_points.reached("unit_of_work.before_commit")
            except BaseException:
                _abort(session)
                raise
            _commit(session, deadline)
        crash_points.reached("unit_of_work.after_commit")

    def _write(self, collection: str, writes: list[Any], by: list[list[int]], session: ClientSession) -> None:
        try:
            result = self._database[collection].bulk_write(writes, ordered=False, session=session)
        except BulkWriteError as error:
            refusal = refusal_index(error)
            if refusal is None:
                raise
            index, code = refusal
            if collection == INBOX:
                raise GuardMissed("another replica has just handled one of these messages") from error
            raise WriteRefused(error, by[index], is_duplicate=code == DUPLICATE_KEY) from error
        except Exception as error:
            if is_refusal(error):
                raise WriteRefused(error, []) from error
            raise
        if result.matched_count + result.inserted_count != len(writes):
            raise GuardMissed(f"a document of {collection} was changed meanwhile")


def _abort(session: ClientSession) -> None:
    try:
        session.abort_transaction()
    except PyMongoError:
        _log.debug("the store will abort the transaction by itself")


def _commit(session: ClientSession, deadline: float) -> None:
    """Commits; an unknown outcome means: commit again, never run the body again."""
    tries = 0
    while True:
        try:
            session.commit_transaction()
            return
        except PyMongoError as error:
            if not error.has_error_label("UnknownTransactionCommitResult"):
                raise
            tries += 1
            pause = random.uniform(0.5, 1.0) * min(2.0, 0.02 * 2 ** min(tries, 7))
            if time.monotonic() + pause > deadline:
                raise StoreUnavailable(words(error), is_uncertain=True) from error
            time.sleep(pause)
