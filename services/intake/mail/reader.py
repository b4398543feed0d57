"""Reads strangers' mail in processes that can be killed, and are when a mail takes longer than five seconds.

The processes are started when the first mail comes (so after gunicorn's fork), live on, and are replaced when they die.
They inherit no connection and no setting.
"""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import BinaryIO, cast

from services.intake.mail import frames
from services.intake.mail.parsed_mail import ParsedFile, ParsedMail
from shared import one_core
from shared.refusals import Refusal

SECONDS = 5
PROCESSES = 2
PATIENCE = 15.0  # seconds for which a mail waits for its turn
_START_SECONDS = 30.0

Contents = tuple[ParsedMail, list[bytes]]


class MailMustWait(Refusal):
    status = 503
    title = "No more mail can be read now"


class MailReader:
    def __init__(self) -> None:
        self._places: queue.LifoQueue[_Parser | None] = queue.LifoQueue()
        for _ in range(PROCESSES):
            self._places.put(None)

    def read(self, raw: bytes) -> Contents | None:
        """None when it can't be read: the parser said so, did not finish in time, or died of it twice."""
        try:
            parser = self._places.get(timeout=PATIENCE)
        except queue.Empty:
            raise MailMustWait("Other mails are being read: send it again in a minute.") from None
        try:
            for _ in range(2):  # it may have died of something else before
                if parser is None:
                    parser = _started()
                began = time.monotonic()
                try:
                    return parser.read(raw)
                except Exception:  # dead, or out of step: what it says next could belong to another mail
                    parser.stop()
                    parser = None
                    if time.monotonic() - began >= SECONDS:
                        break
            return None
        finally:
            self._places.put(parser)

    def close(self) -> None:
        for _ in range(PROCESSES):
            parser = self._places.get()
            if parser is not None:
                parser.stop()


class _Parser:
    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603  # our own module, no shell, nothing of a stranger's
            [sys.executable, "-m", "services.intake.mail.parser_process", str(SECONDS + 1)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        one_core.let_roam(self._process.pid)
        self._in = cast(BinaryIO, self._process.stdin)
        self._out = cast(BinaryIO, self._process.stdout)
        with self._killed_after(_START_SECONDS):
            frames.receive(self._out)

    def read(self, raw: bytes) -> Contents | None:
        with self._killed_after(SECONDS):
            frames.send(self._in, raw)
            answer = json.loads(frames.receive(self._out))
            if answer is None:
                return None
            files = tuple(ParsedFile(**file) for file in answer.pop("files"))
            return ParsedMail(**answer, files=files), [frames.receive(self._out) for _ in files]

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self._out.close()
        with contextlib.suppress(OSError):  # what it never read
            self._in.close()

    @contextlib.contextmanager
    def _killed_after(self, seconds: float) -> Iterator[None]:
        timer = threading.Timer(seconds, self._process.kill)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _started() -> _Parser:
    try:
        return _Parser()
    except (OSError, EOFError) as error:
        raise MailMustWait("The process that reads mail did not start: send it again in a minute.") from error
