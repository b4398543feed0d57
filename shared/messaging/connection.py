"""One AMQP connection on a thread of its own, opened again with jittered backoff for as long as it is wanted.

pika is not thread-safe: everything that touches the channel goes through `call`. A channel belongs to one opening of
the connection; what was known of an older one (delivery tags, unconfirmed messages) dies with it.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pika
from pika.adapters.select_connection import SelectConnection
from pika.channel import Channel

from shared import metrics
from shared.messaging import header_tables

HANG_UP_SECONDS = 2.0
_log = logging.getLogger(__name__)


class Connection:
    def __init__(
        self,
        url: str,
        name: str,
        on_channel: Callable[[Channel], None],
        on_lost: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_channel` and `on_lost` are called on the connection's thread."""
        header_tables.tolerate_any()
        self._parameters = pika.URLParameters(url)
        self._parameters.heartbeat = 20
        self._parameters.blocked_connection_timeout = 60
        self._parameters.socket_timeout = 5
        self._parameters.stack_timeout = 10
        self._parameters.client_properties = {"connection_name": name}
        self.name = name
        self._on_channel = on_channel
        self._on_lost = on_lost
        self._connection: SelectConnection | None = None
        self._wanted = True
        self._failures = 0
        self.is_open = False
        self.is_blocked = False
        self.trouble: str | None = "no connection yet"  # None while it does what it is for
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)
        metrics.BROKER_CONNECTED.labels(name).set_function(lambda: self.trouble is None)
        metrics.BROKER_BLOCKED.labels(name).set_function(lambda: self.is_open and self.is_blocked)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        self._wanted = False
        self.call(self._close)
        if self.thread.is_alive():
            self.thread.join(5)

    def call(self, function: Callable[[], Any]) -> None:
        """Runs `function` on the connection's thread, or drops it when the connection is gone."""
        connection = self._connection
        if connection is not None:
            connection.ioloop.add_callback_threadsafe(function)

    def works(self) -> None:
        """Called by the owner once its channel is ready for use, which is later than open: what it needs is there."""
        self.trouble = None
        self._failures = 0

    def fail(self, why: str) -> None:
        """Gives this opening up and begins anew. Call it on the connection's thread."""
        self.trouble = why
        _log.warning("%s: %s", self.name, why)
        self._close()

    def _run(self) -> None:
        while self._wanted:
            self.is_open = False
            try:
                self._connection = SelectConnection(
                    self._parameters,
                    on_open_callback=self._opened,
                    on_open_error_callback=self._not_opened,
                    on_close_callback=self._closed,
                )
                self._connection.ioloop.start()
            except Exception:
                _log.exception("%s: the connection's thread failed and begins anew", self.name)
                self._hang_up()
            ended, self._connection = self._connection, None
            if ended is not None:
                ended.ioloop.close()
            was_open, self.is_open = self.is_open, False
            if was_open:
                self._on_lost()
            if self._wanted:
                self._failures += 1
                time.sleep(random.uniform(0.5, 1.0) * min(3.0, 0.1 * 2 ** min(self._failures, 6)))

    def _hang_up(self) -> None:
        """Else the broker would keep what it has delivered until it misses the heartbeats."""
        connection = self._connection
        if connection is not None and connection.is_open:
            with suppress(Exception):
                connection.ioloop.call_later(HANG_UP_SECONDS, connection.ioloop.stop)
                connection.close()
                connection.ioloop.start()  # until `_closed`

    def _opened(self, connection: SelectConnection) -> None:
        connection.add_on_connection_blocked_callback(lambda *_: self._block(True))
        connection.add_on_connection_unblocked_callback(lambda *_: self._block(False))
        connection.channel(on_open_callback=self._channel_opened)

    def _channel_opened(self, channel: Channel) -> None:
        channel.add_on_close_callback(lambda _, reason: self._channel_closed(reason))
        self.is_open, self.is_blocked = True, False
        self._on_channel(channel)

    def _channel_closed(self, reason: Exception) -> None:
        if self._wanted and self._connection is not None and self._connection.is_open:
            self.fail(f"the broker closed the channel: {reason}")

    def _block(self, is_blocked: bool) -> None:
        self.is_blocked = is_blocked
        _log.warning("%s: the broker %s", self.name, "is short of resources" if is_blocked else "takes messages again")

    def _not_opened(self, connection: SelectConnection, error: Exception) -> None:
        self.trouble = "no connection"
        if self._failures in (0, 5) or self._failures % 20 == 0:
            _log.warning("%s: no connection to the broker (%s), trying again", self.name, error or type(error).__name__)
        connection.ioloop.stop()

    def _closed(self, connection: SelectConnection, reason: Exception) -> None:
        if self._wanted:
            self.trouble = self.trouble or "the connection was lost"
            _log.warning("%s: connection lost: %s", self.name, reason)
        connection.ioloop.stop()

    def _close(self) -> None:
        connection = self._connection
        if connection is None:
            return
        if connection.is_open:
            connection.close()
        else:
            connection.ioloop.stop()
