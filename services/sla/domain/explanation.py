"""Why a target is due when it is: the stretches of time, one after another, that add up to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.sla.domain import business_time
from services.sla.domain.clock import Span, Target, counted
from services.sla.domain.schedule import Schedule

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    start: datetime
    end: datetime
    kind: str  # worked, outside_hours, on_hold, resolved
    because: str

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def explain(spans: Sequence[Span], target: Target, schedule: Schedule, now: datetime) -> list[Stretch]:
    """From the start of the clock to the deadline, or as far as is known: to the stop, or to `now` on hold."""
    until = target.stopped_at or now
    if target.state in ("running", "breached") and target.due is not None:
        until = target.due.at
    stretches: list[Stretch] = []
    for span in counted(spans, until):
        end = span.end or until
        if span.state == "running":
            stretches += _running(schedule, span.start, end)
        else:
            stretches.append(Stretch(span.start, end, span.state, span.by.reason if span.by else ""))
    return stretches


def _running(schedule: Schedule, start: datetime, end: datetime) -> Iterator[Stretch]:
    at = start
    for opens, closes in business_time.intervals(schedule, start, end):
        if at < opens:
            yield _closed(schedule, at, opens)
        yield Stretch(opens, closes, "worked", f"hours of {schedule.id}")
        at = closes
    if at < end:
        yield _closed(schedule, at, end)


def _closed(schedule: Schedule, start: datetime, end: datetime) -> Stretch:
    because = f"outside the hours of {schedule.id} ({schedule.zone})"
    if holidays := list(_holidays(schedule, start, end)):
        because += ", holiday: " + ", ".join(map(str, holidays))
    return Stretch(start, end, "outside_hours", because)


def _holidays(schedule: Schedule, start: datetime, end: datetime) -> Iterator[date]:
    day, last = schedule.date_of(start), schedule.date_of(end)
    while day <= last:
        if day in schedule.holidays:
            yield day
        day += _DAY
