"""Working time added and measured: by hand, and by its laws."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sla.domain import business_time
from services.sla.domain.schedule import Schedule
from tests.support.sla_cast import utc

OFFICE_DAY = ((9 * 60, 17 * 60),)
WORKING_WEEK = (OFFICE_DAY,) * 5 + ((), ())
HOLIDAYS = frozenset([date(2026, 12, 25), date(2027, 1, 1)])
BERLIN = Schedule("berlin", ZoneInfo("Europe/Berlin"), WORKING_WEEK, HOLIDAYS)
LUNCH = Schedule("lunch", ZoneInfo("Europe/Berlin"), (((540, 720), (780, 1020)),) * 5 + ((), ()))
ALWAYS = Schedule("always", ZoneInfo("UTC"), (((0, 1440),),) * 7)


@pytest.mark.parametrize(
    ("schedule", "start", "hours", "expected"),
    [
        (BERLIN, "2026-11-23 09:00", 2, "2026-11-23 11:00"),
        (BERLIN, "2026-11-20 15:00", 1, "2026-11-20 16:00"),  # to the last minute: Friday 17:00, not Monday 9:00
        (BERLIN, "2026-11-20 15:00", 2, "2026-11-23 09:00"),  # Friday 16:00 to Monday 10:00
        (BERLIN, "2026-11-21 12:00", 2, "2026-11-23 10:00"),  # from a Saturday
        (BERLIN, "2026-12-24 15:00", 2, "2026-12-28 09:00"),  # over Christmas Day, a Friday
        (BERLIN, "2026-03-27 15:00", 2, "2026-03-30 08:00"),  # over the night in which the clocks go forward
        (BERLIN, "2026-10-23 14:00", 2, "2026-10-26 09:00"),  # and back
        (BERLIN, "2026-11-23 08:00", 24, "2026-11-25 16:00"),
        (LUNCH, "2026-11-23 10:30", 1, "2026-11-23 12:30"),  # 11:30 to 13:30, an hour of it lunch
        (ALWAYS, "2026-03-28 23:00", 4, "2026-03-29 03:00"),
    ],
)
def test_working_time_added(schedule: Schedule, start: str, hours: int, expected: str) -> None:
    assert business_time.add(schedule, utc(start), timedelta(hours=hours)) == utc(expected)


def test_working_time_between() -> None:
    assert business_time.between(BERLIN, utc("2026-11-20 15:00"), utc("2026-11-23 09:00")) == timedelta(hours=2)
    assert business_time.between(BERLIN, utc("2026-11-21 00:00"), utc("2026-11-22 23:00")) == timedelta()
    assert business_time.between(LUNCH, utc("2026-11-23 00:00"), utc("2026-11-24 00:00")) == timedelta(hours=7)
    assert business_time.between(BERLIN, utc("2026-11-24 09:00"), utc("2026-11-23 09:00")) == timedelta()
    assert business_time.between(ALWAYS, utc("2026-11-24 09:00"), utc("2026-11-23 09:00")) == timedelta()


def test_the_worked_intervals_are_cut_at_both_ends() -> None:
    assert business_time.intervals(LUNCH, utc("2026-11-23 10:30"), utc("2026-11-23 13:00")) == [
        (utc("2026-11-23 10:30"), utc("2026-11-23 11:00")),
        (utc("2026-11-23 12:00"), utc("2026-11-23 13:00")),
    ]


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    zone = draw(st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]))
    edges = st.lists(st.integers(0, 1440), min_size=0, max_size=6, unique=True).map(sorted)
    days = [draw(edges) for _ in range(6)] + [draw(st.just([0, 150, 600, 1440]))]
    weekly = tuple(tuple(zip(day[::2], day[1::2], strict=False)) for day in days)
    holidays = draw(st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=5))
    return Schedule("drawn", ZoneInfo(zone), weekly, holidays)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
WORK = st.timedeltas(timedelta(), timedelta(hours=100))


@settings(deadline=None)
@given(schedules(), MOMENTS, WORK)
def test_what_was_added_lies_between(schedule: Schedule, start: datetime, work: timedelta) -> None:
    assert business_time.between(schedule, start, business_time.add(schedule, start, work)) == work


@settings(deadline=None)
@given(schedules(), MOMENTS, WORK, WORK)
def test_adding_twice_is_adding_the_sum(schedule: Schedule, start: datetime, one: timedelta, two: timedelta) -> None:
    in_steps = business_time.add(schedule, business_time.add(schedule, start, one), two)
    assert in_steps == business_time.add(schedule, start, one + two)


@settings(deadline=None)
@given(schedules(), st.tuples(MOMENTS, MOMENTS).map(sorted), WORK)
def test_who_begins_later_is_done_no_earlier(schedule: Schedule, starts: list[datetime], work: timedelta) -> None:
    first, second = (business_time.add(schedule, start, work) for start in starts)
    assert first <= second


@settings(deadline=None)
@given(schedules(), st.tuples(MOMENTS, MOMENTS, MOMENTS).map(sorted))
def test_parts_add_up_to_the_whole(schedule: Schedule, moments: list[datetime]) -> None:
    a, b, c = moments
    whole = business_time.between(schedule, a, c)
    assert business_time.between(schedule, a, b) + business_time.between(schedule, b, c) == whole
    assert timedelta() <= whole <= c - a
