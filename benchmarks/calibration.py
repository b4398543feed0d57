"""What this machine is worth today, so that figures of different days can be compared."""

import os
import tempfile
import time


def loop_seconds() -> float:
    """A fixed loop of five million small additions."""
    start = time.perf_counter()
    total = 0
    for i in range(5_000_000):
        total += i * i % 7
    return time.perf_counter() - start


def syncs_per_second() -> float:
    """A thousand times 4 KiB written and fdatasync'ed: how nearly free a journaled write is on this disk."""
    block = os.urandom(4096)
    with tempfile.NamedTemporaryFile(dir=os.getcwd()) as file:
        start = time.perf_counter()
        for _ in range(1000):
            file.write(block)
            file.flush()
            os.fdatasync(file.fileno())
        return 1000 / (time.perf_counter() - start)
