"""When a desk works: hours of the week in a zone, without the holidays.

Hours are wall-clock times and become moments edge by edge. An edge that the clocks skip (02:30 on the day they go
forward) is the moment of the jump; an edge that comes twice (02:30 on the day they go back) is its first coming.
So neighbouring hours never overlap and never leave a gap, and a day has the 23 or 25 hours that it really has.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MINUTES_OF_DAY = 24 * 60

Interval = tuple[datetime, datetime]
Hours = tuple[int, int]  # minutes since local midnight, from and to
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", re.ASCII)


def hours_from(text: str) -> Hours:
    """ "09:00-17:00" as minutes; raises ValueError when it isn't one span within a day."""
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ValueError("must look like 09:00-17:00")
    from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
    start, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if not start < end <= MINUTES_OF_DAY:
        raise ValueError("must end after it begins, at 24:00 at the latest")
    return start, end


def are_in_order(day: list[Hours]) -> bool:
    return all(earlier[1] <= later[0] for earlier, later in pairwise(day))


@dataclass(frozen=True)
class Schedule:
    """`weekly` has seven days, Monday first, each with its hours in order."""

    id: str
    zone: ZoneInfo
    weekly: tuple[tuple[Hours, ...], ...]
    holidays: frozenset[date] = frozenset()
    _days: dict[date, tuple[Interval, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def is_always(self) -> bool:
        return not self.holidays and all(day == ((0, MINUTES_OF_DAY),) for day in self.weekly)

    def date_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def hours_on(self, day: date) -> tuple[Interval, ...]:
        """The hours of a local day as moments in UTC, in order."""
        found = self._days.get(day)
        if found is None:
            hours = () if day in self.holidays else self.weekly[day.weekday()]
            edges = [(_moment(day, start, self.zone), _moment(day, end, self.zone)) for start, end in hours]
            found = self._days[day] = tuple((opens, closes) for opens, closes in edges if opens < closes)
        return found


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    local = datetime.combine(day, time()) + timedelta(minutes=minutes)
    first = local.replace(tzinfo=zone).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return first if first <= second else _jump(second, first, zone)


def _jump(earlier: datetime, later: datetime, zone: ZoneInfo) -> datetime:
    """The moment between the two at which the clocks go forward."""
    before = earlier.astimezone(zone).utcoffset()
    seconds = range(int((later - earlier).total_seconds()))
    after_jump = bisect_left(
        seconds, True, key=lambda s: (earlier + timedelta(seconds=s)).astimezone(zone).utcoffset() != before
    )
    return earlier + timedelta(seconds=after_jump)
