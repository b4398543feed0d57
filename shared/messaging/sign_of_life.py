"""A relay's sign of life: every event that its service had stored before a moment has reached the queues.

Without it a hearer can't tell a service that says nothing from one that doesn't publish what it says. It is no event:
no log and no inbox keeps it, and the next one says all that it said. docs/decisions/0042
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import orjson

from shared.events.contract import read
from shared.identifiers import new_id
from shared.messaging.publisher import Message, Publisher
from shared.messaging.topology import EVENTS

EVERY_SECONDS = 1.0


def sign_of(service: str) -> str:
    """The routing key under which its relay's signs come."""
    return f"published.{service}"


def read_sign(body: bytes) -> datetime:
    """The moment before which everything is published. Raises ValueError, TypeError or KeyError."""
    until: datetime = read(datetime, orjson.loads(body)["until"])
    return until


class _Reached(NamedTuple):
    until: datetime
    handed_over: int


class SignOfLife:
    """During one opening of the publisher. `hand_over` publishes, however long that takes."""

    def __init__(self, service: str, publisher: Publisher, hand_over: Callable[[Message], int]) -> None:
        self._key = sign_of(service)
        self._publisher = publisher
        self._hand_over = hand_over
        self._reached: _Reached | None = None
        self._due_at = 0.0

    def see_to(self, until: datetime, count: int) -> None:
        """To be called again and again: all before `until` is among the first `count` that were handed over."""
        if time.monotonic() < self._due_at:
            return
        reached = self._reached or _Reached(until, count)
        if self._publisher.confirmed < reached.handed_over:
            self._reached = reached
            return
        body = orjson.dumps({"until": reached.until}, option=orjson.OPT_UTC_Z)
        self._hand_over(Message(new_id(), EVENTS, self._key, body))
        self._reached = None
        self._due_at = time.monotonic() + EVERY_SECONDS
