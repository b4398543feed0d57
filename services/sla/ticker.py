"""The ticker: looks at the clocks in the order in which something of theirs is due, and tells what has passed.

It judges only what everything is known about: up to the watermark (`shared/watermark.py`), less a little for events
that are committed elsewhere and still under way. So after an outage sla hears before it judges.

Two replicas need no lease: a clock's revision lets one of them win, and the other finds nothing left to tell. The
jitter of the pause keeps them from looking at the same instant.
"""

import logging
import random
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from prometheus_client import Gauge
from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import PyMongoError

from services.sla.clock_repository import CLOCKS, due_before
from services.sla.handlers.judge_clock import judge_clock
from shared.identifiers import new_id
from shared.metrics import watch
from shared.moments import utc_now
from shared.store.documents import Cause, Document, Key
from shared.store.failures import StoreUnavailable, words
from shared.store.unit_of_work import Failed, UnitOfWork, Work

UNDER_WAY = timedelta(seconds=2)
AT_ONCE = 200
LONGEST_PAUSE = 1.0
LATENESS = Gauge("relaydesk_ticker_lateness_seconds", "How long the clock that is due first has been due.", ["by"])
_WHAT_FOLLOWS = {"shown.ticket.traceparent": 1}
_log = logging.getLogger(__name__)


class Ticker:
    def __init__(self, database: Database[Document], unit_of_work: UnitOfWork) -> None:
        self._clocks = database[CLOCKS]
        self._unit_of_work = unit_of_work

    def run(self, stopping: threading.Event, watermark: Callable[[], datetime | None]) -> None:
        """Until `stopping` is set. New deadlines are noticed by looking again within a second."""
        watch(LATENESS.labels("next_due_at"), self.lateness)
        while not stopping.is_set():
            try:
                heard_until = watermark()
                judged = self.judge(heard_until - UNDER_WAY) if heard_until else 0
            except (PyMongoError, StoreUnavailable) as error:
                _log.warning("ticker: the store is away, clocks wait: %s", words(error))
                judged = 0
            if judged < AT_ONCE:
                stopping.wait(random.uniform(0.5, 1.0) * LONGEST_PAUSE)

    def lateness(self) -> float:
        """Seconds for which the clock that is due first has been due."""
        now = utc_now()
        first = self._clocks.find_one(due_before(now), {"next_due_at": 1}, sort=[("next_due_at", ASCENDING)])
        return (now - first["next_due_at"]).total_seconds() if first else 0.0

    def judge(self, moment: datetime) -> int:
        """How many clocks had something that was due before `moment`, at most AT_ONCE."""
        due = self._clocks.find(due_before(moment), _WHAT_FOLLOWS).sort("next_due_at", ASCENDING)
        rows = list(due.limit(AT_ONCE))
        if not rows:
            return 0
        works = [_work(row["_id"], row["shown"]["ticket"].get("traceparent"), moment) for row in rows]
        outcomes = self._unit_of_work.run(works, patience=5.0)
        failed = [outcome for outcome in outcomes if isinstance(outcome, Failed)]
        for outcome in failed:
            _log.error("ticker: a clock could not be judged", exc_info=outcome.error)
        return len(rows) - len(failed)


def _work(name: str, traceparent: str | None, moment: datetime) -> Work:
    return Work(partial(judge_clock, name, moment), Cause(new_id(), None, traceparent), [Key(CLOCKS, name)])
