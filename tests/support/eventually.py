"""Wait for a condition, with a limit, and say what was last seen."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T], holds: Callable[[T], bool], within: float = 20.0) -> T:
    """What `look` returned when it held at last; fails with what it last returned."""
    deadline = time.monotonic() + within
    while True:
        seen = look()
        if holds(seen):
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:.0f} s; last seen: {seen!r}")
        time.sleep(0.05)
