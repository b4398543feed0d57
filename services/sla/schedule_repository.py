"""Schedules as documents. `schedules` has the current version of each, `schedule_versions` every one there was."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from services.sla.domain.schedule import WEEKDAYS, Schedule, hours_from

SCHEDULES = "schedules"
SCHEDULE_VERSIONS = "schedule_versions"


def schedule_from(definition: Mapping[str, Any]) -> Schedule:
    """{"id", "zone", "weekly": {"monday": ["09:00-17:00"]}, "holidays": ["2026-12-25"]} as a schedule."""
    return Schedule(
        definition["id"],
        ZoneInfo(definition["zone"]),
        tuple(tuple(hours_from(text) for text in definition["weekly"].get(day, ())) for day in WEEKDAYS),
        frozenset(map(date.fromisoformat, definition["holidays"])),
    )
