"""Publishes with pipelined confirms: durable, in order, and countable."""

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pika
from pika.channel import Channel

from shared import crash_points, metrics
from shared.events.envelope import CONTENT_TYPE
from shared.messaging.connection import Connection
from shared.messaging.topology import EVENTS

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
    """`publish` from one thread; `confirmed` counts, from the opening on, what the broker has taken in order.

    What it has refused (a queue that was to get it is full, and rejects) holds `confirmed` back until it is taken
    back, by whoever sees to it that it isn't lost.
    """

    def __init__(self, url: str, name: str) -> None:
        self.url = url
        self._waiting: deque[Message] = deque()
        self._flush_is_due = False
        self._channel: Channel | None = None
        self._changed = threading.Condition()
        self._opening = 0
        self._published = 0
        self._under_way: deque[Message] = deque()  # from confirmed + 1 on
        self._taken: set[int] = set()  # of those
        self._refused: dict[int, Message] = {}  # of those
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
            self._under_way.append(message)
            is_first, self._flush_is_due = not self._flush_is_due, True
        if is_first:
            self.connection.call(self._flush)
        return self._published

    def wait_answered(self, opening: int, timeout: float) -> bool:
        """Whether the broker has taken or refused by then all that was published."""
        with self._changed:
            self._changed.wait_for(lambda: self._opening != opening or self._is_answered(), timeout)
            self._check(opening)
            return self._is_answered()

    def wait_confirmed(self, count: int, opening: int, timeout: float) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._opening != opening or self.confirmed >= count, timeout)
            self._check(opening)
            return self.confirmed >= count

    def refused(self, opening: int) -> dict[int, Message]:
        """By their counts, what the broker has refused and nobody has taken back."""
        with self._changed:
            self._check(opening)
            return dict(self._refused)

    def take_back(self, refused: Iterable[int], opening: int) -> None:
        with self._changed:
            self._check(opening)
            for count in refused:
                del self._refused[count]
                self._taken.add(count)
            self._advance()

    def give_up(self, why: str) -> None:
        """This opening: what is not confirmed is lost, and `begin` waits for another."""
        self._on_lost()
        self.connection.call(lambda: self.connection.fail(why))

    def check(self, opening: int) -> None:
        with self._changed:
            self._check(opening)

    def _check(self, opening: int) -> None:
        if self._opening != opening or self._channel is None:
            raise PublisherLost("the connection to the broker was lost")

    def _is_answered(self) -> bool:
        return self.confirmed + len(self._taken) + len(self._refused) == self._published

    def _on_channel(self, channel: Channel) -> None:
        channel.confirm_delivery(self._on_confirm, callback=lambda _: self._look_for_exchange(channel))

    def _look_for_exchange(self, channel: Channel) -> None:
        """The broker closes the channel where there is none: better now, and named, than at every event."""
        channel.exchange_declare(EVENTS, passive=True, callback=lambda _: self._ready(channel))

    def _ready(self, channel: Channel) -> None:
        with self._changed:
            self._channel = channel
            self._opening += 1
            self._waiting.clear()
            self._flush_is_due = False
            self._under_way.clear()
            self._taken.clear()
            self._refused.clear()
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
        """Of several at once, those that were answered before are not meant."""
        crash_points.reached("relay.after_confirm")
        method = frame.method
        with self._changed:
            first = self.confirmed + 1 if method.multiple else method.delivery_tag
            counts = {n for n in range(first, method.delivery_tag + 1) if n not in self._refused} - self._taken
            if isinstance(method, pika.spec.Basic.Ack):
                self._taken |= counts
                self._counter.inc(len(counts))
            else:
                self._refused |= {n: self._under_way[n - self.confirmed - 1] for n in counts}
            self._advance()

    def _advance(self) -> None:
        while self.confirmed + 1 in self._taken:
            self.confirmed += 1
            self._taken.remove(self.confirmed)
            self._under_way.popleft()
        self._changed.notify_all()
