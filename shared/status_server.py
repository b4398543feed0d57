"""The little HTTP server of a process without an API: health, readiness and metrics, for the inside of the network."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from shared import metrics
from shared.health import Health, report


@contextmanager
def opened(address: tuple[str, int] | None, health: Health) -> Iterator[int | None]:
    """Answers until the end of the block, on the port it gives; on none where no address is set."""
    if address is None:
        yield None
        return
    try:
        server = ThreadingHTTPServer(address, _answering(health))
    except OSError as error:
        sys.exit(f"RELAYDESK_METRICS_PORT: nothing can listen on {address[0]}:{address[1]} ({error.strerror}).")
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="status", daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def _answering(health: Health) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        timeout = 10  # seconds that a caller may take to ask

        def do_GET(self) -> None:
            match self.path:
                case "/healthz":
                    self._answer("application/json", *report(health.name, health.alive))
                case "/readyz":
                    self._answer("application/json", *report(health.name, health.ready))
                case "/metrics":
                    self._answer(metrics.CONTENT_TYPE, 200, metrics.exposition())
                case _:
                    self._answer("text/plain", 404, b"There are /healthz, /readyz and /metrics.\n")

        def _answer(self, content_type: str, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Whoever looks every few seconds is not worth a line."""

    return Answering
