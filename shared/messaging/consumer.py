"""Takes what has arrived: up to 400 messages or 4 MiB at once.

While little comes, a message is taken without waiting. Under load, waiting a moment for company makes one transaction
of many: docs/decisions/0009.

The broker bounds what it delivers ahead by number alone. What is larger than any event may be is bounded here: it is
not read from the connection while too much has arrived that nobody has taken.
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from pika.channel import Channel

from shared.events.envelope import MAX_BYTES
from shared.messaging.connection import Connection
from shared.moments import utc_now

BATCH = 400
BATCH_BYTES = 4 * 1024 * 1024
BUSY = 100  # messages a second from which on it pays to wait
COMPANY = 200  # messages worth waiting for
LONGEST_LINGER = 0.3
HELD_BYTES = 32 * 1024 * 1024
ROOM_WITHIN = 5.0  # seconds; heartbeats wait meanwhile


@dataclass(frozen=True)
class Delivery:
    queue: str
    tag: int
    channel: Any  # pika's; None when it was taken out of parking
    body: bytes
    properties: Any
    routing_key: str


class Look(NamedTuple):
    """What a process can tell of its queues: whether nothing waits, in them or here; who takes from them."""

    is_drained: bool
    consumers: int  # this one counted
    since: datetime  # when this one began to take
    at: datetime  # when it began to look


class _Depth(NamedTuple):
    messages: int
    consumers: int


class Consumer:
    def __init__(self, url: str, name: str, queues: Sequence[str]) -> None:
        self._queues = queues
        self._arrived: queue.SimpleQueue[Delivery | None] = queue.SimpleQueue()  # None: somebody wants to go on
        self._put_back: deque[Delivery] = deque()
        self._taken: deque[tuple[float, int]] = deque()
        self._channel: Any = None  # the channel of the present opening
        self._since: datetime | None = None
        self._consuming = 0
        self._in_hand = 0
        self._arrived_bytes = 0  # of what nobody has taken yet
        self._room = threading.Condition()
        self.connection = Connection(url, name, self._on_channel, self._on_lost)

    def take(self, timeout: float) -> list[Delivery]:
        """The next batch, in the order of arrival; empty when nothing came within `timeout` seconds."""
        batch: list[Delivery] = []
        size = 0
        patience, linger_until = timeout, 0.0
        linger = self._linger(time.monotonic())
        while len(batch) < BATCH and size < BATCH_BYTES:
            delivery = self._next(patience)
            if delivery is None:
                break
            if delivery.channel is not self._channel:
                continue  # its connection is gone: the broker delivers it again
            if batch and size + len(delivery.body) > BATCH_BYTES:
                self._put_back.append(delivery)
                break
            batch.append(delivery)
            self._in_hand = len(batch)
            size += len(delivery.body)
            if len(batch) == 1:
                linger_until = time.monotonic() + linger
            patience = max(0.0, linger_until - time.monotonic())
        self._taken.append((time.monotonic(), len(batch)))
        return batch

    def wake(self) -> None:
        """Ends the waiting of `take`; may be called by a signal's handler.

        Where that ends after `take` should have, CPython 3.11 goes on waiting for ever: its SimpleQueue takes the time
        left, less than none, for no limit.
        """
        self._arrived.put(None)

    def acknowledge(self, batch: Sequence[Delivery]) -> None:
        """Everything up to the end of a batch that `take` gave."""
        channel, tag = batch[-1].channel, batch[-1].tag
        self._in_hand = 0

        def acknowledge() -> None:
            if channel is self._channel and channel.is_open:
                channel.basic_ack(tag, multiple=True)

        self.connection.call(acknowledge)

    def look(self) -> Look | None:
        """None without a broker, or when it does not answer in time."""
        at, since, was_idle = utc_now(), self._since, self._is_idle()
        depth = self._depth(2.0)
        if since is None or since is not self._since or depth is None or not depth.consumers:
            return None
        return Look(was_idle and depth.messages == 0 and self._is_idle(), depth.consumers, since, at)

    def waiting(self) -> int | None:
        """How many messages are in the queues, have arrived or are in hand; None when the broker does not say."""
        depth = self._depth(0.5)
        return None if depth is None else depth.messages + self._arrived.qsize() + len(self._put_back) + self._in_hand

    def _linger(self, now: float) -> float:
        """Seconds to wait for company, by how much came in the last second."""
        while self._taken and now - self._taken[0][0] > 1.0:
            self._taken.popleft()
        rate = sum(count for _, count in self._taken)
        return min(LONGEST_LINGER, COMPANY / rate) if rate > BUSY else 0.0

    def _is_idle(self) -> bool:
        return self._arrived.empty() and not self._put_back and not self._in_hand

    def _next(self, timeout: float) -> Delivery | None:
        if self._put_back:
            return self._put_back.popleft()
        try:
            delivery = self._arrived.get(timeout=timeout) if timeout else self._arrived.get_nowait()
        except queue.Empty:
            return None
        if delivery is not None:
            self._count_bytes(-len(delivery.body))
        return delivery

    def _on_channel(self, channel: Channel) -> None:
        self._channel = channel
        channel.basic_qos(prefetch_count=2 * BATCH)
        channel.add_on_cancel_callback(lambda _: self.connection.fail("the broker cancelled a consumer"))
        self._consuming = 0
        for name in self._queues:
            channel.basic_consume(name, self._receiver(name), callback=self._on_consuming)
        self._since = utc_now()

    def _on_consuming(self, _: Any) -> None:
        self._consuming += 1
        if self._consuming == len(self._queues):
            self.connection.works()

    def _receiver(self, name: str) -> Any:
        def receive(channel: Channel, method: Any, properties: Any, body: bytes) -> None:
            if len(body) > MAX_BYTES and not self._has_room():
                self.connection.fail("large messages arrive, and nobody takes them")
                return
            self._count_bytes(len(body))
            self._arrived.put(Delivery(name, method.delivery_tag, channel, body, properties, method.routing_key))

        return receive

    def _has_room(self) -> bool:
        """Waits for it, on the connection's thread, so that nothing is read meanwhile."""
        with self._room:
            return self._room.wait_for(lambda: self._arrived_bytes <= HELD_BYTES, ROOM_WITHIN)

    def _count_bytes(self, arrived: int) -> None:
        with self._room:
            self._arrived_bytes += arrived
            self._room.notify()

    def _on_lost(self) -> None:
        """What arrived and wasn't taken would only lie there: the broker delivers it again."""
        self._channel = None
        self._since = None
        with suppress(queue.Empty):
            while True:
                if lost := self._arrived.get_nowait():
                    self._count_bytes(-len(lost.body))

    def _depth(self, timeout: float) -> _Depth | None:
        """Of all the queues by now; None without a broker, or when it does not say so in time."""
        if self._channel is None:
            return None
        known: Future[_Depth] = Future()
        answers: list[_Depth] = []

        def answered(frame: Any) -> None:
            answers.append(_Depth(frame.method.message_count, frame.method.consumer_count))
            if len(answers) == len(self._queues):
                known.set_result(_Depth(sum(a.messages for a in answers), min(a.consumers for a in answers)))

        def ask() -> None:
            channel = self._channel
            if channel is not None and channel.is_open:
                for name in self._queues:
                    channel.queue_declare(name, passive=True, callback=answered)

        self.connection.call(ask)
        try:
            return known.result(timeout)
        except TimeoutError:
            return None
