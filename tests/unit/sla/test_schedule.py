"""Hours as moments: worked out by hand for the days on which the clocks change, in four parts of the world."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from services.sla.domain.schedule import Schedule, are_in_order, hours_from
from tests.support.sla_cast import utc


def every_day(zone: str, *hours: str) -> Schedule:
    return Schedule("test", ZoneInfo(zone), (tuple(map(hours_from, hours)),) * 7)


@pytest.mark.parametrize(
    ("zone", "day", "hours", "opens", "closes"),
    [
        # Berlin: forward on 2026-03-29 at 01:00 UTC (02:00 to 03:00), back on 2026-10-25 at 01:00 UTC (03:00 to 02:00)
        ("Europe/Berlin", "2026-03-28", "00:00-08:00", "2026-03-27 23:00", "2026-03-28 07:00"),
        ("Europe/Berlin", "2026-03-29", "00:00-08:00", "2026-03-28 23:00", "2026-03-29 06:00"),
        ("Europe/Berlin", "2026-03-29", "02:30-05:00", "2026-03-29 01:00", "2026-03-29 03:00"),
        ("Europe/Berlin", "2026-03-29", "00:00-02:30", "2026-03-28 23:00", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-10-25", "00:00-08:00", "2026-10-24 22:00", "2026-10-25 07:00"),
        ("Europe/Berlin", "2026-10-25", "00:00-02:30", "2026-10-24 22:00", "2026-10-25 00:30"),
        ("Europe/Berlin", "2026-10-25", "02:30-05:00", "2026-10-25 00:30", "2026-10-25 04:00"),
        ("Europe/Berlin", "2026-10-25", "02:00-03:00", "2026-10-25 00:00", "2026-10-25 02:00"),
        ("Europe/Berlin", "2026-10-25", "00:00-24:00", "2026-10-24 22:00", "2026-10-25 23:00"),
        # New York: forward on 2026-03-08 at 07:00 UTC, back on 2026-11-01 at 06:00 UTC
        ("America/New_York", "2026-03-08", "01:00-04:00", "2026-03-08 06:00", "2026-03-08 08:00"),
        ("America/New_York", "2026-11-01", "01:00-04:00", "2026-11-01 05:00", "2026-11-01 09:00"),
        # Lord Howe moves by half an hour: back on 2026-04-05 (02:00 to 01:30), forward on 2026-10-04 (02:00 to 02:30)
        ("Australia/Lord_Howe", "2026-04-05", "01:00-04:00", "2026-04-04 14:00", "2026-04-04 17:30"),
        ("Australia/Lord_Howe", "2026-10-04", "01:00-04:00", "2026-10-03 14:30", "2026-10-03 17:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15-04:00", "2026-10-03 15:30", "2026-10-03 17:00"),
        # Kathmandu is 5:45 ahead, all year
        ("Asia/Kathmandu", "2026-11-23", "09:00-17:00", "2026-11-23 03:15", "2026-11-23 11:15"),
    ],
)
def test_hours_become_moments(zone: str, day: str, hours: str, opens: str, closes: str) -> None:
    assert every_day(zone, hours).hours_on(date.fromisoformat(day)) == ((utc(opens), utc(closes)),)


def test_hours_that_the_clocks_skip_are_no_hours() -> None:
    assert every_day("Europe/Berlin", "02:00-03:00").hours_on(date(2026, 3, 29)) == ()
    assert every_day("Europe/Berlin", "02:15-02:45").hours_on(date(2026, 3, 29)) == ()


def test_a_midnight_that_the_clocks_skip_is_the_moment_of_the_jump() -> None:
    # Beirut went from 2026-03-29 00:00 to 01:00, at 22:00 UTC of the day before
    assert every_day("Asia/Beirut", "00:00-08:00").hours_on(date(2026, 3, 29)) == (
        (utc("2026-03-28 22:00"), utc("2026-03-29 05:00")),
    )


def test_a_holiday_has_no_hours() -> None:
    schedule = Schedule("test", ZoneInfo("UTC"), (((540, 1020),),) * 7, frozenset([date(2026, 12, 25)]))
    assert schedule.hours_on(date(2026, 12, 25)) == ()
    assert len(schedule.hours_on(date(2026, 12, 26))) == 1


def test_only_every_hour_of_every_day_is_always() -> None:
    assert every_day("UTC", "00:00-24:00").is_always
    assert not every_day("UTC", "00:00-23:59").is_always
    assert not Schedule("test", ZoneInfo("UTC"), (((0, 1440),),) * 7, frozenset([date(2026, 12, 25)])).is_always


@pytest.mark.parametrize(
    "text",
    ["", "9:00-17:00", "09:00-09:00", "17:00-09:00", "09:00-24:01", "25:00-26:00", "09:00–17:00", "09:00-17:00\n"],
)
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must"):
        hours_from(text)


def test_hours_of_a_day_may_touch_but_not_overlap() -> None:
    assert are_in_order([(0, 60), (60, 120)])
    assert not are_in_order([(0, 61), (60, 120)])
    assert not are_in_order([(60, 120), (0, 30)])
