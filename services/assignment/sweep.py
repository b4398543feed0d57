"""Waking is by events; the sweep takes what a wake left over, such as more tickets than one batch draws."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from services.assignment.handlers.touched_departments import Sweep
from shared.identifiers import new_id
from shared.store.documents import Cause, Changes
from shared.store.failures import StoreUnavailable
from shared.store.unit_of_work import Failed, UnitOfWork, Work
from shared.worker import Loop

EVERY_SECONDS = 2.0
_log = logging.getLogger(__name__)


def sweeping(unit_of_work: UnitOfWork) -> Loop:
    def run(stopping: threading.Event, watermark: Callable[[], datetime | None]) -> None:
        while not stopping.wait(EVERY_SECONDS):
            try:
                sweep(unit_of_work)
            except StoreUnavailable as error:
                _log.warning("the sweep waits: %s", error)

    return Loop("sweep", run)


def sweep(unit_of_work: UnitOfWork) -> None:
    look = Work(lambda *_: Changes(), Cause(new_id()), event=Sweep())
    [outcome] = unit_of_work.run([look], patience=5.0)
    if isinstance(outcome, Failed):
        _log.error("the sweep could not look at the queue", exc_info=outcome.error)
