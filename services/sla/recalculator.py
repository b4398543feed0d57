"""After a plan has changed: brings the open clocks to its new version, some at a time.

What is left to do stands in the clocks themselves (`plan_version`), so it may stop and begin again anywhere.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial

from pymongo.database import Database
from pymongo.errors import PyMongoError

from services.sla.clock_repository import CLOCKS
from services.sla.handlers.recalculate_clock import recalculate_clock
from services.sla.plan_repository import PLANS
from shared.identifiers import new_id
from shared.store.documents import Cause, Document, Key
from shared.store.failures import StoreUnavailable, words
from shared.store.unit_of_work import Failed, UnitOfWork, Work

AT_ONCE = 100
PAUSE = 2.0
_log = logging.getLogger(__name__)


class Recalculator:
    def __init__(self, database: Database[Document], unit_of_work: UnitOfWork) -> None:
        self._plans, self._clocks = database[PLANS], database[CLOCKS]
        self._unit_of_work = unit_of_work

    def run(self, stopping: threading.Event, _: Callable[[], datetime | None]) -> None:
        while not stopping.is_set():
            try:
                moved = self.recalculate()
            except (PyMongoError, StoreUnavailable) as error:
                _log.warning("recalculator: the store is away, clocks wait: %s", words(error))
                moved = 0
            if moved < AT_ONCE:
                stopping.wait(PAUSE)

    def recalculate(self) -> int:
        """How many clocks were brought to a newer version, at most AT_ONCE a plan."""
        return sum(self._of_plan(row["_id"], row["version"]) for row in self._plans.find({}, {"version": 1}))

    def _of_plan(self, plan_id: str, version: int) -> int:
        behind = {"is_open": True, "plan_id": plan_id, "plan_version": {"$lt": version}}
        names = [row["_id"] for row in self._clocks.find(behind, {"_id": 1}).limit(AT_ONCE)]
        if not names:
            return 0
        works = [
            Work(partial(recalculate_clock, name), Cause(new_id()), [Key(CLOCKS, name), Key(PLANS, plan_id)])
            for name in names
        ]
        outcomes = self._unit_of_work.run(works, patience=5.0)
        failed = [outcome for outcome in outcomes if isinstance(outcome, Failed)]
        for outcome in failed:
            _log.error("recalculator: a clock could not be recalculated", exc_info=outcome.error)
        return len(names) - len(failed)
