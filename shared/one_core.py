"""A Python process runs on one core at a time, so on a small machine it is kept on one: docs/decisions/0033.

Its threads take turns; a turn on another core than the last begins with cold caches.
"""

import os
from collections.abc import Sequence
from zlib import crc32

MOST_CORES = 4  # on more, the kernel finds an idle one better than a name can

_CORES = sorted(os.sched_getaffinity(0))


def stay(name: str, place: int = 0) -> None:
    """For this thread and those that it starts from now on. `place` keeps the processes of one name apart."""
    if len(_CORES) <= MOST_CORES:
        os.sched_setaffinity(0, {core_for(name, place, _CORES)})


def core_for(name: str, place: int, cores: Sequence[int]) -> int:
    """The same at every start, and the next core for the next place."""
    return cores[(crc32(name.encode()) + place) % len(cores)]


def let_roam(pid: int) -> None:
    """A child process that stays to its parent's core no longer."""
    os.sched_setaffinity(pid, _CORES)
