"""Arithmetic with working time. Moments are aware and in UTC; a schedule says which of the time between them counts."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.sla.domain.schedule import Interval, Schedule

_DAY = timedelta(days=1)
_NOTHING = timedelta()


def add(schedule: Schedule, start: datetime, worked: timedelta) -> datetime:
    """The earliest moment by which `worked` has been worked since `start`."""
    if schedule.is_always or not worked:
        return start + worked
    remaining = worked
    day = schedule.date_of(start)
    while True:
        for opens, closes in schedule.hours_on(day):
            if closes > start:
                begins = max(opens, start)
                if remaining <= closes - begins:
                    return begins + remaining
                remaining -= closes - begins
        day += _DAY


def between(schedule: Schedule, start: datetime, end: datetime) -> timedelta:
    """How much of the time from `start` to `end` is worked; nothing when `end` comes first."""
    if schedule.is_always:
        return max(end - start, _NOTHING)
    return sum((closes - opens for opens, closes in _open(schedule, start, end)), _NOTHING)


def intervals(schedule: Schedule, start: datetime, end: datetime) -> list[Interval]:
    """The worked intervals from `start` to `end`, in order."""
    if schedule.is_always:
        return [(start, end)] if start < end else []
    return list(_open(schedule, start, end))


def _open(schedule: Schedule, start: datetime, end: datetime) -> Iterator[Interval]:
    if start >= end:
        return
    day = schedule.date_of(start)
    last = schedule.date_of(end) + _DAY  # clocks that go back over midnight repeat the end of the day before
    while day <= last:
        for opens, closes in schedule.hours_on(day):
            if opens >= end:
                return
            if closes > start:
                yield max(opens, start), min(closes, end)
        day += _DAY
