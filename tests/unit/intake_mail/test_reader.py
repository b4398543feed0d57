"""The process that reads strangers' mail is a real one here: it is what keeps a mail from hurting."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.intake.mail.reader import MailReader
from tests.support.mails import bombs, mail


@pytest.fixture(scope="module")
def reader() -> Iterator[MailReader]:
    reader = MailReader()
    yield reader
    reader.close()


@pytest.mark.parametrize("bomb", bombs())
def test_a_bomb_is_read_or_given_up_in_time(reader: MailReader, bomb: str) -> None:
    reader.read(mail())
    began = time.monotonic()
    reader.read(bombs()[bomb])
    assert time.monotonic() - began < 6.5
    contents = reader.read(mail())
    assert contents is not None
    assert contents[0].subject == "Printer"


def test_a_process_that_died_between_two_mails_is_replaced(reader: MailReader) -> None:
    reader.read(mail())
    os.kill(_parser(), signal.SIGKILL)
    assert reader.read(mail()) is not None


def test_a_process_that_does_not_answer_is_killed_and_replaced(reader: MailReader) -> None:
    reader.read(mail())
    stopped = _parser()
    os.kill(stopped, signal.SIGSTOP)
    began = time.monotonic()
    assert reader.read(mail()) is None
    assert 5 <= time.monotonic() - began < 6.5
    assert reader.read(mail()) is not None
    assert _parser() != stopped


def test_the_process_knows_nothing_of_our_settings(reader: MailReader) -> None:
    reader.read(mail())
    environment = Path(f"/proc/{_parser()}/environ").read_text().rstrip("\0").split("\0")
    assert [variable.partition("=")[0] for variable in environment] == ["PYTHONPATH"]


def test_files_come_back_byte_for_byte(reader: MailReader) -> None:
    every_byte = bytes(range(256)) * 4_000
    raw = mail(every_byte, content_type="application/x-test", content_transfer_encoding="binary", mime_version="1.0")
    contents = reader.read(raw)
    assert contents is not None
    assert [file.content_type for file in contents[0].files] == ["application/x-test"]
    assert len(contents[1][0]) > 1_000_000


def _parser() -> int:
    """The process id of this process's only child that parses mails."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    [parser] = [c for c in children if b"parser_process" in Path(f"/proc/{c}/cmdline").read_bytes()]
    return int(parser)
