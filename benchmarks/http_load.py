"""A closed loop of keep-alive HTTP clients in one process, cheap enough to leave the cores to what is measured."""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Load:
    """What the clients saw: seconds per answer, and how often each status came."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds within which `share` of the answers came."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def request(method: str, path: str, key: str, body: bytes = b"", **headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {key}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


class _Client:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = bytearray()
        self.sent_at = 0.0

    def send(self, message: bytes) -> None:
        self.received.clear()
        self.sent_at = time.perf_counter()
        self.socket.sendall(message)

    def status_if_complete(self) -> int | None:
        """Reads what is there; the answer's status once all of it has come."""
        chunk = self.socket.recv(65536)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        self.received += chunk
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return None
        length = next(int(h.split(b":")[1]) for h in head.lower().split(b"\r\n") if h.startswith(b"content-length:"))
        return int(head[9:12]) if len(body) >= length else None


def run(port: int, clients: int, requests: Iterator[bytes]) -> Load:
    """Sends all requests, each client one after another, and waits for the last answer."""
    load = Load()
    waiting = selectors.DefaultSelector()
    start = time.perf_counter()
    for message in (next(requests) for _ in range(clients)):
        client = _Client(port)
        waiting.register(client.socket, selectors.EVENT_READ, client)
        client.send(message)
    while waiting.get_map():
        for key, _ in waiting.select(30):
            client = key.data
            status = client.status_if_complete()
            if status is None:
                continue
            load.latencies.append(time.perf_counter() - client.sent_at)
            load.statuses[status] += 1
            message = next(requests, b"")
            if message:
                client.send(message)
            else:
                waiting.unregister(client.socket)
                client.socket.close()
    load.seconds = time.perf_counter() - start
    return load
