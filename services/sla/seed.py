"""The plan and the schedules that a new desk has. Once there, they are the administrator's."""

from datetime import datetime

from services.sla.domain.schedule import WEEKDAYS
from services.sla.handlers.change_plan import change_plan
from services.sla.handlers.change_schedule import change_schedule
from services.sla.plan_repository import PLANS, STANDARD
from services.sla.schedule_repository import SCHEDULES
from services.sla.settings import read_zone
from shared.identifiers import new_id
from shared.store.documents import Cause, Changes, Document, Documents, Key
from shared.store.unit_of_work import Failed, UnitOfWork, Work

ALWAYS = "always"
OFFICE = "office"
_MINUTE, _HOUR = 60, 3600
_TARGETS = {
    "sev_a": (15 * _MINUTE, 1 * _HOUR, ALWAYS),
    "sev_b": (1 * _HOUR, 4 * _HOUR, ALWAYS),
    "sev_c": (2 * _HOUR, 8 * _HOUR, OFFICE),
    "sev_d": (8 * _HOUR, 24 * _HOUR, OFFICE),
}
_REASON, _BY = "what a new desk begins with", "setup"


def seed(unit_of_work: UnitOfWork) -> None:
    for step in (_schedules, _plan):
        keys = [Key(SCHEDULES, ALWAYS), Key(SCHEDULES, OFFICE), Key(PLANS, STANDARD)]
        [outcome] = unit_of_work.run([Work(step, Cause(new_id()), keys)], patience=30.0)
        if isinstance(outcome, Failed):
            raise outcome.error


def standard_plan() -> Document:
    targets = {
        severity: {
            "first_response": {"seconds": first_response, "schedule": schedule},
            "resolution": {"seconds": resolution, "schedule": schedule},
        }
        for severity, (first_response, resolution, schedule) in _TARGETS.items()
    }
    return {"name": "Standard", "warn_at": 0.75, "targets": targets}


def standard_schedules(zone: str) -> dict[str, Document]:
    around_the_clock = {day: ["00:00-24:00"] for day in WEEKDAYS}
    office_hours = {day: ["09:00-17:00"] for day in WEEKDAYS[:5]}
    return {
        ALWAYS: {"name": "Around the clock", "zone": "UTC", "weekly": around_the_clock, "holidays": []},
        OFFICE: {"name": "Office hours", "zone": zone, "weekly": office_hours, "holidays": []},
    }


def _schedules(documents: Documents, now: datetime) -> Changes:
    changes = Changes()
    for name, described in standard_schedules(read_zone()).items():
        if documents.get(SCHEDULES, name) is None:
            changes += change_schedule(name, described, _REASON, _BY, [], documents, now)
    return changes


def _plan(documents: Documents, now: datetime) -> Changes:
    if documents.get(PLANS, STANDARD) is not None:
        return Changes()
    return change_plan(STANDARD, standard_plan(), _REASON, _BY, documents, now)
