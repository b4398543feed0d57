"""How the threads of one process share the interpreter."""

import sys
import threading
import time
from collections.abc import Sequence

_SWITCH_SECONDS = 0.0005


def take_short_turns() -> None:
    """A thread that waits for the network gets its turn soon: at Python's 5 ms, a transaction of eight round trips
    waits up to eight times that for threads that are busy with something else."""
    sys.setswitchinterval(_SWITCH_SECONDS)


def join_within(seconds: float, threads: Sequence[threading.Thread]) -> None:
    """Waits for all of them together; whoever has not ended by then goes with the process, if it is a daemon."""
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
