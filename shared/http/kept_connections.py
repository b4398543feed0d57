"""A gunicorn worker whose threads stay with their connection while the client goes on asking.

Its parent hands every connection back to the main loop after each answer, and the loop hands it to a thread again with
the next request. For a client that asks again at once, that costs more than reading the request.
"""

import select
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

STAY_MS = 50


class KeptConnections(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """With more connections than threads it does what its parent does, so no client waits for another's pause."""

    def handle(self, conn: Any) -> Any:
        """Answers the request that has come, and those that follow it soon; what it returns is its parent's."""
        is_kept = super().handle(conn)
        while is_kept is True and self.nr_conns <= self.cfg.threads and _asks_again(conn):
            is_kept = super().handle(conn)
        return is_kept


def _asks_again(conn: Any) -> bool:
    if conn.parser.unreader.buf.getbuffer().nbytes:
        return True  # read together with the request before
    readable = select.poll()
    readable.register(conn.sock, select.POLLIN)
    return bool(readable.poll(STAY_MS))
