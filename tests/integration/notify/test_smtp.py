"""The conversation with servers that misbehave worse than a well-meant one can be scripted to."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from services.notify.domain.answer import Accepted, PutOff, ServerAway
from services.notify.smtp import Mailer
from tests.support.smtp_server import SmtpServer, free_port

GREETINGS = b"220 mail.example\r\n250 mail.example\r\n250 ok\r\n250 ok\r\n354 go on\r\n"


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of a server that treats its one visitor so."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def visit() -> None:
            visitor, _ = server.accept()
            with visitor:
                serve(visitor)

        thread = threading.Thread(target=visit)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def never() -> None:
    raise AssertionError("the final dot was about to be said")


def nothing() -> None:
    return


def test_a_tarpit_is_left_when_the_time_is_up() -> None:
    def drip(visitor: socket.socket) -> None:
        try:
            while True:
                visitor.sendall(b"2")
                time.sleep(0.1)
        except OSError:
            return

    with listening(drip) as port:
        start = time.monotonic()
        answer = Mailer("127.0.0.1", port, seconds=0.5).hand_over("a@x.example", "b@x.example", b"hello", never)
        assert isinstance(answer, ServerAway)
        assert time.monotonic() - start < 5


def test_a_connection_cut_in_the_middle_of_the_mail_leaves_no_doubt() -> None:
    def cut(visitor: socket.socket) -> None:
        visitor.sendall(GREETINGS)
        visitor.recv(65_536)

    with listening(cut) as port:
        mail = b"hello hello hello\r\n" * 1_000_000
        answer = Mailer("127.0.0.1", port, seconds=10).hand_over("a@x.example", "b@x.example", mail, never)
        assert isinstance(answer, ServerAway)


@pytest.mark.parametrize("host", ["127.0.0.1", "mail.invalid"])
def test_a_server_that_can_not_be_reached_is_away(host: str) -> None:
    answer = Mailer(host, free_port(), seconds=10).hand_over("a@x.example", "b@x.example", b"hello", never)
    assert isinstance(answer, ServerAway)


def test_no_line_of_a_mail_ends_it_early(server: SmtpServer) -> None:
    mailer = Mailer(server.host, server.port, seconds=10)
    mail = b"one\n.\nMAIL FROM:<x@x.example>\r\n.\r\n..two\r.\rthree"
    assert mailer.hand_over("a@x.example", "b@x.example", mail, nothing) == Accepted()
    assert mailer.hand_over("a@x.example", "b@x.example", b"next", nothing) == Accepted()
    mailer.close()
    assert [m.content for m in server.mails] == [
        b"one\r\n.\r\nMAIL FROM:<x@x.example>\r\n.\r\n..two\r\n.\r\nthree\r\n",
        b"next\r\n",
    ]


def test_the_connection_is_used_again_after_a_refusal(server: SmtpServer) -> None:
    mailer = Mailer(server.host, server.port, seconds=10)
    server.script("RCPT", "450 later")
    assert mailer.hand_over("a@x.example", "b@x.example", b"x", never) == PutOff("450 later (after RCPT TO)")
    assert mailer.hand_over("a@x.example", "b@x.example", b"x", nothing) == Accepted()
    mailer.close()
    assert server.connections == 1
