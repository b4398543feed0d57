"""Publishes with pipelined confirms: durable, in order, and countable."""

import threading
from collections import deque
from dataclasses import dataclass
from typing import Any

import pika
from pika.channel import Channel

from shared import crash_points, metrics
from shared.events.envelope import CONTENT_TYPE
from shared.messaging.connection import Connection

WINDOW = 2000


class PublisherLost(Exception):
    """The connection went down: what was not confirmed has to be published again."""


@dataclass(frozen=True)
class Message:
    id: str
    exchange: str
    routing_key: str
    body: bytes


class Publisher:
    """`publish` from one thread; `confirmed` counts, from the opening on, what the broker has taken in order."""

    def __init__(self, url: str, name: str) -> None:
        self._waiting: deque[Message] = deque()
        self._flush_is_due = False
        self._channel: Channel | None = None
        self._changed = threading.Condition()
        self._opening = 0
        self._published = 0
        self._confirmed_early: set[int] = set()
        self.confirmed = 0
        self._counter = metrics.CONFIRMED.labels(name)
        self.connection = Connection(url, name, self._on_channel, self._on_lost)

    def begin(self, timeout: float) -> int:
        """Waits for a connection; returns its opening, which later calls must name."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._channel is not None, timeout):
                raise PublisherLost("no connection to the broker")
            return self._opening

    def publish(self, message: Message, opening: int, timeout: float) -> int:
        """Hands a message over; returns what `confirmed` will have reached once it is safe."""
        with self._changed:
            if not self._changed.wait_for(
                lambda: self._opening != opening or self._published - self.confirmed < WINDOW, timeout
            ):
                raise PublisherLost("the broker confirms nothing")
            self._check(opening)
            self._published += 1
            self._waiting.append(message)
            is_first, self._flush_is_due = not self._flush_is_due, True
        if is_first:
            self.connection.call(self._flush)
        return self._published

    def wait_confirmed(self, count: int, opening: int, timeout: float) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._opening != opening or self.confirmed >= count, timeout)
            self._check(opening)
            return self.confirmed >= count

    def check(self, opening: int) -> None:
        with self._changed:
            self._check(opening)

    def _check(self, opening: int) -> None:
        if self._opening != opening or self._channel is None:
            raise PublisherLost("the connection to the broker was lost")

    def _on_channel(self, channel: Channel) -> None:
        channel.confirm_delivery(self._on_confirm, callback=lambda _: self._ready(channel))

    def _ready(self, channel: Channel) -> None:
        with self._changed:
            self._channel = channel
            self._opening += 1
            self._waiting.clear()
            self._flush_is_due = False
            self._confirmed_early.clear()
            self._published = self.confirmed = 0
            self._changed.notify_all()
        self.connection.works()

    def _on_lost(self) -> None:
        with self._changed:
            self._channel = None
            self._opening += 1
            self._changed.notify_all()

    def _flush(self) -> None:
        with self._changed:
            self._flush_is_due = False
            messages = list(self._waiting)
            self._waiting.clear()
            channel = self._channel
        if channel is None or not channel.is_open:
            return
        for message in messages:
            crash_points.reached("relay.before_publish")
            channel.basic_publish(
                message.exchange,
                message.routing_key,
                message.body,
                pika.BasicProperties(content_type=CONTENT_TYPE, delivery_mode=2, message_id=message.id),
            )

    def _on_confirm(self, frame: Any) -> None:
        method = frame.method
        if not isinstance(method, pika.spec.Basic.Ack):
            self.connection.fail("the broker refused a message")
            return
        confirmed = self.confirmed
        if method.multiple:
            confirmed = max(confirmed, method.delivery_tag)
        else:
            self._confirmed_early.add(method.delivery_tag)
        while confirmed + 1 in self._confirmed_early:
            confirmed += 1
            self._confirmed_early.discard(confirmed)
        crash_points.reached("relay.after_confirm")
        self._counter.inc(confirmed - self.confirmed)
        with self._changed:
            self.confirmed = confirmed
            self._changed.notify_all()
