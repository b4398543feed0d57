"""Callers who are slow, silent or gone take nothing that the others need, be it without credentials.

Gunicorn's own worker waits for ever inside a request, for five seconds on a thread before it, and for two after the
last answer on the one thread that serves every connection.
"""

import socket
import struct
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from gunicorn.util import close_graceful
from gunicorn.workers import gthread


class SlowCallersApart(gthread.ThreadWorker):  # type: ignore[misc]
    silence = 10  # seconds between two bytes, either way; less than a stop waits for requests in hand

    def enqueue_req(self, conn: Any) -> None:
        """A connection has a thread from its first byte on."""
        if not conn.initialized:
            for way in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                conn.sock.setsockopt(socket.SOL_SOCKET, way, struct.pack("ll", self.silence, 0))
        if conn.initialized or conn.wait_for_data(0):
            super().enqueue_req(conn)
        else:
            self.finish_request(conn, _nothing_yet())

    def handle(self, conn: Any) -> Any:
        stays = super().handle(conn)
        if not stays:
            with suppress(OSError):
                close_graceful(conn.sock.dup())  # waits for the caller's end, and leaves ours to gunicorn
                conn.sock.shutdown(socket.SHUT_RDWR)
        return stays


def _nothing_yet() -> Future[Any]:
    found: Future[Any] = Future()
    found.set_result(gthread._DEFER)
    return found
