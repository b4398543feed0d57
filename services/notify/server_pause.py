"""A mail server that is away is tried ever more rarely, by all threads of a sender together."""

import random
import threading
import time
from datetime import timedelta

from services.notify.domain.delivery import pause_after

LONGEST = timedelta(minutes=1)


class ServerPause:
    def __init__(self, first: timedelta) -> None:
        self._first = first
        self._failures = 0
        self._until = 0.0
        self._lock = threading.Lock()

    def begin(self) -> timedelta:
        """Called by whoever found the server away; those who find it at the same moment share one pause."""
        with self._lock:
            if self.remaining() <= 0:
                self._failures += 1
                pause = min(LONGEST, pause_after(self._failures, self._first, random.random()))
                self._until = time.monotonic() + pause.total_seconds()
            return timedelta(seconds=self.remaining())

    def end(self) -> None:
        self._failures = 0

    def remaining(self) -> float:
        return self._until - time.monotonic()
