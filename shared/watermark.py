"""Up to when a service has heard everything that another one says of tickets: what its loops may judge by.

The other's relay tells, once a second, up to when all that was stored is published: its sign of life
(`shared/messaging/sign_of_life.py`). That moment counts while nothing waits and nothing is in anybody's hand; else the
time of the newest event applied. docs/decisions/0042
"""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from shared.events.envelope import Event
from shared.messaging.consumer import Look
from shared.moments import utc_now


class Watermark:
    """`look` is the consumer's, `of_all` takes what this process has heard to what all have (`shared/hearers.py`)."""

    def __init__(
        self,
        source: str | None,
        look: Callable[[], Look | None],
        of_all: Callable[[datetime | None, Look], datetime | None],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._source = source
        self._look = look
        self._of_all = of_all
        self._now = now
        self._applied_until: datetime | None = None
        self._published_until: datetime | None = None
        self._looking = threading.Lock()

    def applied(self, events: Iterable[Event[Any]]) -> None:
        """These have been heard."""
        if times := [event.time for event in events if event.source == self._source]:
            self._applied_until = self._later(max(times), self._applied_until)

    def signed(self, until: datetime) -> None:
        """All before `until` has reached the queues, which may not be empty yet."""
        self._published_until = self._later(until, self._published_until)

    def moment(self) -> datetime | None:
        """None as long as it isn't known. Several loops may ask."""
        with self._looking:
            published_until = self._published_until  # before the look: what it speaks of is in the queues by then
            look = self._look()
            if look is None:
                return None
            known = (self._applied_until, published_until if look.is_drained else None)
            return self._of_all(max(filter(None, known), default=None), look)

    def _later(self, told: datetime, known: datetime | None) -> datetime:
        """A publisher's clock may be ahead."""
        told = min(told, self._now())
        return told if known is None else max(told, known)
