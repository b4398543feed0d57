"""How the threads of one process share the interpreter."""

import sys

_SWITCH_SECONDS = 0.0005


def take_short_turns() -> None:
    """A thread that waits for the network gets its turn soon: at Python's 5 ms, a transaction of eight round trips
    waits up to eight times that for threads that are busy with something else."""
    sys.setswitchinterval(_SWITCH_SECONDS)
