"""Up to when a service has heard everything that another one says of tickets: what its loops may judge by.

The wall clock counts while nothing waits and nothing is in anybody's hand; else the time of the newest event applied.
After a pause an empty queue says little: the others publish what they kept back, and while what comes is old, there may
be more of it. Then the wall clock counts again once it has been quiet for a while. docs/decisions/0036
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from shared.events.envelope import Event
from shared.messaging.consumer import Look
from shared.moments import utc_now

SETTLED_AFTER = timedelta(seconds=5)


class Watermark:
    """`look` is the consumer's, `of_all` takes what this process has heard to what all have (`shared/hearers.py`)."""

    def __init__(
        self,
        source: str,
        look: Callable[[], Look | None],
        of_all: Callable[[datetime | None, Look], datetime | None],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._source = source
        self._look = look
        self._of_all = of_all
        self._now = now
        self._applied_until: datetime | None = None
        self._last_late: datetime | None = None

    def applied(self, events: Iterable[Event[Any]]) -> None:
        """These have been heard, in the order in which they came."""
        now = self._now()
        if times := [event.time for event in events if event.source == self._source]:
            newest = min(now, max(times))  # a publisher's clock may be ahead
            self._applied_until = max(newest, self._applied_until or newest)
            if min(times) < now - SETTLED_AFTER:
                self._last_late = now

    def moment(self) -> datetime | None:
        """None as long as it isn't known."""
        now = self._now()
        look = self._look()
        if look is None:
            return None
        disturbed = max(look.since, self._last_late or look.since)
        is_settled = disturbed < now - SETTLED_AFTER
        own = now if look.is_drained and is_settled else self._applied_until
        return self._of_all(own, look)
