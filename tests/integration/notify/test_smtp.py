"""The conversation with servers that misbehave worse than a well-meant one can be scripted to."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from services.notify import smtp
from services.notify.domain.answer import Accepted, Answer, AnswerLost, PutOff, Refused, ServerAway
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


def answer_to_the_dot(said: bytes) -> Answer:
    def serve(visitor: socket.socket) -> None:
        visitor.sendall(GREETINGS)
        heard = b""
        while not heard.endswith(b"\r\n.\r\n"):
            heard += visitor.recv(65_536)
        visitor.sendall(said)

    with listening(serve) as port:
        mailer = Mailer("127.0.0.1", port, seconds=10)
        answer = mailer.hand_over("a@x.example", "b@x.example", b"hello", nothing)
        mailer.close()
        return answer


@pytest.mark.parametrize(
    "said", [b"25", b"2", b"", b"hello\r\n", b"354 go on\r\n", b"650 what\r\n", b"550-no\r\n", b"\r\n"]
)
def test_an_answer_to_the_dot_that_is_none_leaves_a_doubt(said: bytes) -> None:
    assert isinstance(answer_to_the_dot(said), AnswerLost)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (b"250 ok\r\n", Accepted()),
        (b"251-taken\r\n251 ok\r\n", Accepted()),
        (b"452 full\r\n", PutOff("452 full (after the mail)")),
        (b"421 closing\r\n", ServerAway("421 closing (after the mail)")),
        (b"554-no\r\n554 spam\r\n", Refused("554 no\nspam (after the mail)")),
    ],
)
def test_an_answer_to_the_dot_that_is_one_leaves_no_doubt(said: bytes, answer: Answer) -> None:
    assert answer_to_the_dot(said) == answer


def test_a_server_that_said_goodbye_while_nothing_was_to_be_sent_is_called_again(
    server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "IDLE_SECONDS", 0.0)
    mailer = Mailer(server.host, server.port, seconds=10)
    assert mailer.hand_over("a@x.example", "b@x.example", b"x", nothing) == Accepted()
    server.says_goodbye("421 mail.example has heard nothing for a while")
    assert mailer.hand_over("a@x.example", "b@x.example", b"x", nothing) == Accepted()
    mailer.close()
    assert (len(server.mails), server.connections) == (2, 2)
