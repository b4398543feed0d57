"""Waiting for what another process does: looks again and again, and says what it last saw when it gives up."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T], until: Callable[[T], object] = bool, within: float = 15.0) -> T:
    """The first thing seen for which `until` holds."""
    deadline = time.monotonic() + within
    while True:
        seen = look()
        if until(seen):
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"not seen within {within:g} s; last seen: {seen!r}")
        time.sleep(0.05)
