"""After a plan has changed: brings the open clocks to its new version, some at a time.

What is left to do stands in the clocks themselves (`plan_version`), so it may stop and begin again anywhere. It waits
until everything that happened before the change has been heard: what was missed by then, is missed by the old version.
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
from services.sla.ticker import UNDER_WAY
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

    def run(self, stopping: threading.Event, watermark: Callable[[], datetime | None]) -> None:
        while not stopping.is_set():
            try:
                heard_until = watermark()
                moved = self.recalculate(heard_until - UNDER_WAY) if heard_until else 0
            except (PyMongoError, StoreUnavailable) as error:
                _log.warning("recalculator: the store is away, clocks wait: %s", words(error))
                moved = 0
            if moved < AT_ONCE:
                stopping.wait(PAUSE)

    def recalculate(self, moment: datetime) -> int:
        """How many clocks were brought a version further, at most AT_ONCE a plan, all before `moment` being heard."""
        changed = self._plans.find({"changed_at": {"$lte": moment}}, {"version": 1})
        return sum(self._of_plan(row["_id"], row["version"], moment) for row in changed)

    def _of_plan(self, plan_id: str, version: int, moment: datetime) -> int:
        behind = {"is_open": True, "plan_id": plan_id, "plan_version": {"$lt": version}}
        names = [row["_id"] for row in self._clocks.find(behind, {"_id": 1}).limit(AT_ONCE)]
        if not names:
            return 0
        works = [Work(partial(recalculate_clock, name, moment), Cause(new_id()), [Key(CLOCKS, name)]) for name in names]
        outcomes = self._unit_of_work.run(works, patience=5.0)
        failed = [outcome for outcome in outcomes if isinstance(outcome, Failed)]
        for outcome in failed:
            _log.error("recalculator: a clock could not be recalculated", exc_info=outcome.error)
        return len(names) - len(failed)
