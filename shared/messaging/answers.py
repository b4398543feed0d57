"""Answers to submissions, sent as well as can be: one that can't be delivered holds back neither events nor the others.

A `reply_to` can be such that the broker closes the connection over it, and a full queue refuses. So answers have a
connection of their own. They go out together, and where that fails, one by one: whichever fails again is dropped. Its
sender may ask again: docs/decisions/0037.
"""

import logging
import queue
import threading
from contextlib import suppress
from functools import cached_property

from shared import logs, metrics
from shared.messaging.publisher import Message, Publisher, PublisherLost

TOGETHER = 100
MOST_WAITING = 5000
PATIENCE = 5.0
_log = logging.getLogger(__name__)


class Answers:
    """`give` from one thread. There is no connection before the first: most services answer nobody."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._name = name
        self._waiting: queue.Queue[Message] = queue.Queue(MOST_WAITING)
        self._flow = True
        self.given = 0
        self._settled = 0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @cached_property
    def _publisher(self) -> Publisher:
        return Publisher(self._url, self._name)

    def give(self, message: Message) -> None:
        """Waits for room up to a second while answers flow, and not at all while they don't."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._publisher.connection.start()
            self._thread.start()
        try:
            self._waiting.put(message, timeout=1.0 if self._flow else 0.0)
            self.given += 1
        except queue.Full:
            self._drop([message])

    def are_settled(self, given: int) -> bool:
        """Whether so many have been confirmed or dropped. Nobody shall wait for it while answers don't flow."""
        return self._settled >= given or not self._flow

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(1)
            self._publisher.connection.stop()

    def _run(self) -> None:
        while not self._stopping.is_set():
            batch = self._next()
            if not batch:
                continue
            try:
                self._drop(self._send(batch))
            except PublisherLost:
                self._flow = False
                self._drop(batch)
            except Exception:
                self._flow = False
                _log.exception("answers: unexpected failure, going on")
            self._settled += len(batch)

    def _next(self) -> list[Message]:
        batch: list[Message] = []
        with suppress(queue.Empty):
            batch.append(self._waiting.get(timeout=0.25))
            while len(batch) < TOGETHER:
                batch.append(self._waiting.get_nowait())
        return batch

    def _send(self, batch: list[Message]) -> list[Message]:
        """Those that could not be delivered. Raises PublisherLost where there is no connection."""
        failed = self._untaken(batch)
        self._flow = not failed
        return [message for one in failed for message in self._untaken([one])]

    def _untaken(self, messages: list[Message]) -> list[Message]:
        opening = self._publisher.begin(PATIENCE)
        try:
            for message in messages:
                self._publisher.publish(message, opening, PATIENCE)
            while not self._publisher.wait_answered(opening, PATIENCE):
                if not self._publisher.connection.is_blocked:
                    self._publisher.give_up("the broker did not confirm an answer")
            refused = self._publisher.refused(opening)
            self._publisher.take_back(refused, opening)
        except PublisherLost:
            return messages
        return list(refused.values())

    def _drop(self, messages: list[Message]) -> None:
        for message in messages:
            metrics.ANSWERS_DROPPED.labels(self._name).inc()
            with logs.about(event=message.id):
                _log.warning("answers: the broker did not take this one, it was dropped")
