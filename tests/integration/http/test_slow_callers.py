"""Four threads serve everybody here, and a caller may be silent for a second. A newcomer waits ten at the most."""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection

import pytest

from cli.local.processes import Child
from tests.integration.http.conftest import Serve

_WITHIN = 10
_MEBIBYTE = 1024 * 1024

Caller = Callable[[bytes], socket.socket]


@pytest.fixture
def server(serve: Serve) -> Child:
    return serve(4, "--worker-class", "tests.integration.http.hasty.Hasty")


@pytest.fixture
def caller(server: Child, port: int) -> Iterator[Caller]:
    """Sends this and stays."""
    with ExitStack() as leaving:

        def called(sent: bytes) -> socket.socket:
            connection = leaving.enter_context(socket.create_connection(("127.0.0.1", port), timeout=_WITHIN))
            connection.sendall(sent)
            return connection

        yield called


def received(connection: socket.socket, until: bytes) -> bytes:
    found = b""
    while not found.endswith(until):
        found += connection.recv(4096)
    return found


def newcomer_is_answered(port: int) -> bool:
    with closing(HTTPConnection("127.0.0.1", port, timeout=_WITHIN)) as connection:
        connection.request("GET", "/newcomer")
        return connection.getresponse().read() == b"/newcomer"


def test_those_who_say_nothing_take_no_thread(caller: Caller, port: int) -> None:
    for _ in range(12):
        caller(b"")
    assert newcomer_is_answered(port)


def test_who_was_silent_at_first_is_answered_when_he_speaks(caller: Caller) -> None:
    quiet = caller(b"")
    received(caller(b"GET /other HTTP/1.1\r\nHost: x\r\n\r\n"), until=b"/other")
    quiet.sendall(b"GET /late HTTP/1.1\r\nHost: x\r\n\r\n")
    assert received(quiet, until=b"/late")


@pytest.mark.parametrize(
    "begun",
    [b"G", b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf"],
    ids=["method", "head", "body"],
)
def test_who_falls_silent_in_a_request_is_hung_up_on(caller: Caller, port: int, server: Child, begun: bytes) -> None:
    silent = [caller(begun) for _ in range(4)]
    assert newcomer_is_answered(port)
    assert [connection.recv(4096) for connection in silent] == [b""] * 4
    log = server.log.read_text()
    assert log.count("A caller was silent") == 4
    assert "failure" not in log


def test_who_does_not_read_his_answer_is_hung_up_on(caller: Caller, port: int, server: Child) -> None:
    body = b"x" * 8 * _MEBIBYTE
    for _ in range(4):
        caller(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    assert newcomer_is_answered(port)
    assert "failure" not in server.log.read_text()


def test_who_does_not_hang_up_keeps_nobody_waiting(caller: Caller, port: int) -> None:
    for n in range(6):
        answered = caller(b"GET /%d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % n)
        assert received(answered, until=b"/%d" % n)
    assert newcomer_is_answered(port)


def test_a_slow_request_is_taken_as_long_as_it_goes_on(caller: Caller) -> None:
    """A tenth of it every 0.3 s."""
    slow = caller(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n")
    slow.settimeout(0.3)
    for n in range(10):
        with pytest.raises(TimeoutError):
            slow.recv(1)
        slow.sendall(b"%d" % n * 10)
    slow.settimeout(_WITHIN)
    assert received(slow, until=b"".join(b"%d" % n * 10 for n in range(10)))


def test_a_stop_does_not_wait_for_the_silent(caller: Caller, port: int, server: Child) -> None:
    for _ in range(3):
        caller(b"G")
    assert newcomer_is_answered(port)
    server.send(signal.SIGTERM)
    server.wait_stopped(_WITHIN)
    assert server.process is not None
    assert server.process.returncode == 0
