"""One JSON object a line on standard error; no texts of people's, and no secrets.

time, level, service, process, pid, logger, message, whatever the line is about (`event`, `ticket`, `correlation`,
`trace`, `request`, …), and of an exception its kind and its place. Its text stays out, because it may repeat what
somebody wrote; of a parked message it is kept with the message.
"""

import logging
import os
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import orjson

from shared.settings import log_level

MOST_CHARACTERS = 2000  # of a message: gunicorn's may have whatever a stranger sent instead of a request
# Of a person, or with the password of a server. Tried only where a word begins, else a long one takes n² steps.
_ADDRESS = re.compile(r"(?<![^\s@<>\"'()])[^\s@<>\"'()]+@[^\s@<>\"'()]+")
_about: ContextVar[dict[str, Any]] = ContextVar("about", default={})  # noqa: B039  # replaced, never changed


class JsonLines(logging.Formatter):
    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "service": self._process.partition("-")[0],
            "process": self._process,
            "pid": os.getpid(),
            "logger": record.name,
            "message": _fit(record.getMessage()),
            **_about.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["failure"] = _failure(record.exc_info[1])
        return orjson.dumps(line, option=orjson.OPT_UTC_Z, default=str).decode()


def configure(process: str) -> None:
    """`process` is <service>-<api, worker or sender>."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(process))
    logging.basicConfig(level=log_level().upper(), handlers=[handler], force=True)
    for name, level in (("pika", logging.ERROR), ("pymongo", logging.WARNING)):
        logging.getLogger(name).setLevel(level)  # at their debug they print what goes over the wire


@contextmanager
def about(**fields: Any) -> Iterator[None]:
    """Every line of this thread inside the block says what it is about."""
    token = begin(**fields)
    try:
        yield
    finally:
        _about.reset(token)


def begin(**fields: Any) -> Any:
    """As `about`, for where there is no block; lasts until the thread begins with something else."""
    return _about.set({name: value for name, value in fields.items() if value is not None})


def fields(**known: Any) -> dict[str, Any]:
    """`extra` for a line with values of its own."""
    return {"fields": {name: value for name, value in known.items() if value is not None}}


def _fit(message: str) -> str:
    """Cut after the addresses are blotted out: half of one would not be known for one."""
    blotted = _ADDRESS.sub("…@…", message)
    return blotted if len(blotted) <= MOST_CHARACTERS else blotted[:MOST_CHARACTERS] + "…"


def _failure(error: BaseException) -> list[str]:
    """The chain of kinds, each with the places that it came through."""
    lines: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(lines) < 10:
        places = traceback.extract_tb(cause.__traceback__)
        lines.append(" > ".join([type(cause).__name__, *(f"{p.filename}:{p.lineno} {p.name}" for p in places[-15:])]))
        cause = cause.__cause__ or cause.__context__
    return lines
