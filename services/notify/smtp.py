"""One mail at a time over a connection that is kept open, with a word before the final dot.

Until that dot a server must forget the mail if the connection ends; after it, only its answer tells. So everything that
goes wrong before is surely not sent, and what goes wrong after, or can't be understood, is AnswerLost.
"""

import re
import select
import smtplib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from services.notify.domain.answer import Accepted, Answer, AnswerLost, PutOff, Refused, ServerAway
from shared import crash_points

CONNECT_SECONDS = 10.0
COMMAND_SECONDS = 20.0
IDLE_SECONDS = 1.0  # after which the server is asked whether it is still there
_NEWLINES = re.compile(rb"\r\n|\r|\n")
_LEADING_DOTS = re.compile(rb"(?m)^\.")
_Reply = tuple[int, bytes]


class _NotTaken(Exception):
    """A reply that ends the attempt."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


class Mailer:
    """`seconds`: how long each half of an attempt may last in all, however slowly a server drips its replies."""

    def __init__(self, host: str, port: int, seconds: float) -> None:
        self._host, self._port, self._seconds = host, port, seconds
        self._connection: smtplib.SMTP | None = None
        self._used_at = 0.0

    def hand_over(self, sender: str, recipient: str, mail: bytes, before_dot: Callable[[], None]) -> Answer:
        """Raises what `before_dot` raises, having dropped the connection: the server forgets the mail."""
        try:
            with self._limited():
                connection = self._connected()
                self._offer(connection, sender, recipient, mail)
            before_dot()
        except _NotTaken as refused:
            return refused.answer
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return ServerAway(_words(error))
        except ValueError as error:
            self.close()
            return Refused(f"the address can't be used: {error}")
        except BaseException:
            self.close()
            raise
        crash_points.reached("sender.before_dot")
        return self._dot(connection)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> smtplib.SMTP:
        if self._connection is not None and time.monotonic() - self._used_at > IDLE_SECONDS:
            try:
                if self._connection.noop()[0] != 250:
                    self.close()  # it said goodbye while we were idle
            except (OSError, smtplib.SMTPException):
                self.close()
        if self._connection is None:
            self._connection = smtplib.SMTP(timeout=CONNECT_SECONDS)
            code, text = self._connection.connect(self._host, self._port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, text)
            self._socket().settimeout(COMMAND_SECONDS)
            self._socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else the dot waits 40 ms
            self._connection.ehlo_or_helo_if_needed()
        return self._connection

    def _offer(self, connection: smtplib.SMTP, sender: str, recipient: str, mail: bytes) -> None:
        """Everything but the final dot."""
        self._expect(connection.mail(sender), 250, "MAIL FROM")
        self._expect(connection.rcpt(recipient), 250, "RCPT TO")
        crash_points.reached("sender.before_data")
        self._expect(connection.docmd("DATA"), 354, "DATA")
        mail = _LEADING_DOTS.sub(b"..", _NEWLINES.sub(b"\r\n", mail))
        connection.send(mail if mail.endswith(b"\r\n") else mail + b"\r\n")
        if select.select([self._socket()], [], [], 0)[0]:
            raise smtplib.SMTPServerDisconnected("the server ended the connection before the final dot")

    def _expect(self, reply: _Reply, code: int, step: str) -> None:
        if reply[0] == code or (code == 250 and reply[0] == 251):
            return
        raise _NotTaken(self._refusal(reply, step))

    def _refusal(self, reply: _Reply, step: str) -> Answer:
        code, reason = reply[0], _quoted(reply, step)
        if code == 421 or not 400 <= code < 600:
            self.close()
            return ServerAway(reason)
        self._reset()
        return PutOff(reason) if code < 500 else Refused(reason)

    def _reset(self) -> None:
        try:
            if self._connection is not None and self._connection.rset()[0] != 250:
                self.close()
        except (OSError, smtplib.SMTPException):
            self.close()

    def _dot(self, connection: smtplib.SMTP) -> Answer:
        try:
            with self._limited():
                self._socket().settimeout(self._seconds)
                connection.send(b".\r\n")
                reply = connection.getreply()
                self._socket().settimeout(COMMAND_SECONDS)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return AnswerLost(f"the answer to the mail was lost: {_words(error)}")
        crash_points.reached("sender.after_dot")
        self._used_at = time.monotonic()
        if 200 <= reply[0] < 300:
            return Accepted()
        if 400 <= reply[0] < 600:
            return self._refusal(reply, "the mail")
        self.close()
        return AnswerLost(f"the answer to the mail can't be understood: {_quoted(reply, 'the mail')}")

    def _socket(self) -> socket.socket:
        found = self._connection.sock if self._connection else None
        if found is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        return found

    @contextmanager
    def _limited(self) -> Iterator[None]:
        """Cuts the connection when the time is up: a timeout of each read alone would let a tarpit drip for hours."""

        def cut() -> None:
            try:
                self._socket().shutdown(socket.SHUT_RDWR)
            except (OSError, smtplib.SMTPException):
                return

        timer = threading.Timer(self._seconds, cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _quoted(reply: _Reply, step: str) -> str:
    return f"{reply[0]} {reply[1].decode(errors='replace')[:500]} (after {step})"


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
