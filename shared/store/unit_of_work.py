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

from pymongo.database import Database

from shared import metrics
from shared.moments import utc_now
from shared.store.documents import Cause, Changes, Document, Documents, Key
from shared.store.event_log import EVENT_LOG, log_row
from shared.store.failures import StoreUnavailable, WriteRefused, is_nobodys_fault, words
from shared.store.inbox import INBOX, heard_before
from shared.store.transaction import Row, commit

RACES = 3  # so often another process may have been faster; then what a work wants to make is really there already
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
    rows: list[Row] = field(default_factory=list)
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
        """An outcome for each work, in order. Raises StoreUnavailable when `patience` seconds were too few for all."""
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
        races: Counter[int] = Counter()
        tries = 0
        is_in_doubt = False
        while remaining := [i for i in range(len(works)) if i not in outcomes]:
            try:
                self._attempt(works, remaining, outcomes, deadline, is_in_doubt)
            except WriteRefused as refused:
                culprits = refused.works if len(refused.works) == 1 else remaining
                races.update(set(refused.works))
                if refused.is_duplicate and races[refused.works[0]] <= RACES:
                    is_in_doubt = True  # another process may have made it just now: look again
                elif len(culprits) == 1:
                    outcomes[culprits[0]] = Failed(refused)
                else:
                    self._run_one_by_one(works, remaining, outcomes, deadline)
            except StoreUnavailable:
                raise  # a commit may have gone through: these works must not be run once more as if it had not
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
            try:
                [outcomes[i]] = self._run([works[i]], deadline - time.monotonic())
            except StoreUnavailable as error:
                is_part_done = any(isinstance(outcome, Done) for outcome in outcomes.values())
                raise StoreUnavailable(str(error), is_uncertain=error.is_uncertain or is_part_done) from error

    def _attempt(
        self,
        works: Sequence[Work],
        remaining: list[int],
        outcomes: dict[int, Outcome],
        deadline: float,
        is_in_doubt: bool,
    ) -> None:
        attempt = _Attempt(Documents(self._database), is_in_doubt)
        keys = (key for i in remaining for key in works[i].keys)
        names = [name for i in remaining if (name := works[i].id) is not None]
        known = {row["_id"] for found in attempt.documents.load(keys, heard_before(names)) for row in found}
        fresh = []
        for i in remaining:
            identity = works[i].id
            if identity is not None and identity in known:
                attempt.verdicts[i] = Seen()
            else:
                fresh.append(i)
                if identity is not None:
                    known.add(identity)
        now = self._now()
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
        if attempt.is_in_doubt:
            attempt.documents.look_up_unknown()
        heard: list[Row] = [
            (INBOX, {"_id": works[i].id, "at": now}, [i]) for i in attempt.handled if works[i].id is not None
        ]
        commit(self._database, heard, attempt.documents.writes(), attempt.rows, deadline)

    def _take(self, attempt: _Attempt, changes: Changes, cause: Cause, by: list[int]) -> None:
        announced = [(EVENT_LOG, log_row(announcement, cause, self._source)) for announcement in changes.events]
        attempt.documents.apply(changes, by)
        attempt.rows += [(collection, row, by) for collection, row in (*changes.rows, *announced)]
