"""Two threads serve everybody here; a quiet connection may be kept for thirty seconds."""

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path

import pytest

from cli.local.processes import Child
from tests.integration.http.conftest import Serve
from tests.support.eventually import eventually

_WITHIN = 10  # seconds: long before a quiet connection is closed

Connect = Callable[[], HTTPConnection]


@pytest.fixture
def server(serve: Serve) -> Child:
    return serve(2)


@pytest.fixture
def connect(server: Child, port: int) -> Iterator[Connect]:
    with ExitStack() as leaving:

        def connected() -> HTTPConnection:
            connection = HTTPConnection("127.0.0.1", port, timeout=_WITHIN)
            leaving.callback(connection.close)
            connection.connect()
            return connection

        yield connected


def ask(connection: HTTPConnection, path: str, body: bytes | None = None) -> bytes:
    connection.request("POST", path, body)
    return connection.getresponse().read()


def test_a_client_is_answered_again_and_again_on_one_connection(connect: Connect) -> None:
    client = connect()
    assert [ask(client, f"/{n}", b"x" * n) for n in range(1, 50)] == [b"x" * n for n in range(1, 50)]


def test_requests_sent_without_waiting_are_answered_in_their_order(connect: Connect) -> None:
    client = connect()
    client.sock.sendall(b"GET /first HTTP/1.1\r\nHost: x\r\n\r\nGET /second HTTP/1.1\r\nHost: x\r\n\r\n")
    received = b""
    while b"/second" not in received:
        received += client.sock.recv(4096)
    assert received.index(b"/first") < received.index(b"/second")


def test_a_newcomer_does_not_wait_for_those_who_are_quiet(connect: Connect) -> None:
    quiet = [connect() for _ in range(6)]
    for n, client in enumerate(quiet):
        assert ask(client, f"/quiet-{n}") == f"/quiet-{n}".encode()
    assert ask(connect(), "/newcomer") == b"/newcomer"
    assert ask(quiet[0], "/again") == b"/again"


def test_many_who_never_pause_are_all_answered(connect: Connect, taken: Path) -> None:
    clients = [connect() for _ in range(8)]

    def ask_often(n: int) -> list[bytes]:
        return [ask(clients[n], f"/{n}-{i}") for i in range(100)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask_often, range(8)))
    assert answers == [[f"/{n}-{i}".encode() for i in range(100)] for n in range(8)]
    assert len(taken.read_text().split()) == 800


def test_a_stop_under_load_loses_nothing_that_was_taken(server: Child, connect: Connect, taken: Path) -> None:
    clients = [connect() for _ in range(6)]

    def ask_until_told_to_go(n: int) -> list[str]:
        answered: list[str] = []
        while True:
            path = f"/{n}-{len(answered)}"
            clients[n].request("POST", path)
            response = clients[n].getresponse()
            assert response.read() == path.encode()
            answered.append(path)
            if response.getheader("Connection") == "close":
                return answered

    with ThreadPoolExecutor(6) as pool:
        asking = [pool.submit(ask_until_told_to_go, n) for n in range(6)]
        eventually(lambda: len(taken.read_text().split()), until=lambda count: count > 300)
        server.send(signal.SIGTERM)
        answered = Counter(path for done in asking for path in done.result(timeout=_WITHIN))
    server.wait_stopped()
    assert server.process is not None
    assert server.process.returncode == 0
    assert answered == Counter(taken.read_text().split())


def test_a_quiet_connection_is_closed_by_a_stop(server: Child, connect: Connect) -> None:
    client = connect()
    ask(client, "/once")
    server.stop(seconds=_WITHIN)
    with pytest.raises((RemoteDisconnected, ConnectionError)):
        ask(client, "/too-late")
