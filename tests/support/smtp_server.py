"""A real SMTP server that keeps every mail and answers as a test has scripted.

with smtp_server() as server:
    server.script("RCPT", "450 later")    # the next RCPT only; then it is friendly again
    server.script("DATA", CUT)            # ends the connection instead of answering
    server.script("DOT", CUT)             # takes the mail, then ends the connection
    server.script("DOT", SILENCE)         # takes the mail and says nothing
    server.says_goodbye("421 too quiet")  # to everybody who is connected, as after a time without a word
"""

import asyncio
import socket
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

CUT = "cut"
SILENCE = "silence"


@dataclass(frozen=True)
class Mail:
    sender: str
    recipient: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


class SmtpServer:
    def __init__(self) -> None:
        self.host = "127.0.0.1"
        self.port = 0
        self.connections = 0
        self._mails: list[Mail] = []
        self._sessions: list[_Session] = []
        self._script: dict[str, deque[str]] = defaultdict(deque)
        self._lock = threading.Lock()

    def script(self, phase: str, *replies: str) -> None:
        """`phase` is CONNECT, MAIL, RCPT, DATA or DOT; each reply is given once, in order."""
        with self._lock:
            self._script[phase].extend(replies)

    def says_goodbye(self, reply: str) -> None:
        """Returns once it is said."""
        for session in self._sessions:
            asyncio.run_coroutine_threadsafe(session.say_goodbye(reply), session.loop).result(10)

    def welcome(self, session: "_Session") -> None:
        self.connections += 1
        self._sessions.append(session)

    @property
    def mails(self) -> list[Mail]:
        """Every mail whose final dot has arrived, whatever was answered."""
        with self._lock:
            return list(self._mails)

    def next_reply(self, phase: str) -> str | None:
        with self._lock:
            return self._script[phase].popleft() if self._script[phase] else None

    def keep(self, mail: Mail) -> None:
        with self._lock:
            self._mails.append(mail)


class _Session(SMTP):
    """Answers one connection, by the script where there is one."""

    def __init__(self, server: SmtpServer) -> None:
        super().__init__(self, hostname="mail.example")
        self._smtp_server = server

    async def _handle_client(self) -> None:
        self._smtp_server.welcome(self)
        reply = self._smtp_server.next_reply("CONNECT")
        if reply is None:
            await super()._handle_client()
            return
        if reply != CUT:
            await self.push(reply)
        self._cut()

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802  # the names that aiosmtpd looks for
        if not await self._follow_script("MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        if not await self._follow_script("RCPT"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        if not await self._follow_script("DATA"):
            await super().smtp_DATA(arg)

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        self._smtp_server.keep(Mail(envelope.mail_from, envelope.rcpt_tos[0], bytes(envelope.content)))
        reply = self._smtp_server.next_reply("DOT") or "250 OK"
        if reply == CUT:
            self._cut()
        if reply == SILENCE:
            await asyncio.sleep(3600)
        return reply

    async def say_goodbye(self, reply: str) -> None:
        if self.transport is not None:
            await self.push(reply)
            self._cut()

    def _cut(self) -> None:
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.close()

    async def _follow_script(self, phase: str) -> bool:
        reply = self._smtp_server.next_reply(phase)
        if reply == CUT:
            self._cut()
        elif reply is not None:
            await self.push(reply)
        return reply is not None


class _Controller(Controller):
    def __init__(self, server: SmtpServer, port: int) -> None:
        super().__init__(object(), hostname=server.host, port=port, ready_timeout=10)
        self._smtp_server = server

    def factory(self) -> SMTP:
        return _Session(self._smtp_server)


@contextmanager
def smtp_server(port: int | None = None) -> Iterator[SmtpServer]:
    """Listens on `port`, or on a free one."""
    server = SmtpServer()
    server.port = port or free_port()
    controller = _Controller(server, server.port)
    controller.start()
    server.connections = 0  # the controller has tried the door itself
    try:
        yield server
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
