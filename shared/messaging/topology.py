"""Exchanges and queues as data. Only `relaydesk setup` declares them; services name what is missing.

Quorum queues throughout. The delivery limit is set explicitly and very high, with a dead-letter exchange behind it,
because its default differs between broker versions and some of them delete what exceeds it. A queue that keeps the
newest message alone has no such exchange: what it drops has been said anew.

Arguments stay as a queue was declared with them; `max_bytes` came later, and is a policy (`cli/setup/broker.py`).
"""

from dataclasses import dataclass
from typing import Any

import pika

EVENTS = "helpdesk.events"
SUBMISSIONS = "helpdesk.submissions"
DEAD = "helpdesk.dead"


@dataclass(frozen=True)
class Queue:
    name: str
    exchange: str
    types: tuple[str, ...]
    has_single_active_consumer: bool = False
    max_length: int | None = None
    max_bytes: int | None = None
    keeps_newest_alone: bool = False

    def arguments(self) -> dict[str, Any]:
        arguments: dict[str, Any] = {"x-queue-type": "quorum", "x-delivery-limit": 1_000_000}
        if self.keeps_newest_alone:
            return {**arguments, "x-max-length": 1}
        arguments["x-dead-letter-exchange"] = DEAD
        if self.has_single_active_consumer:
            arguments["x-single-active-consumer"] = True
        if self.max_length is not None:
            arguments["x-max-length"] = self.max_length
            arguments["x-overflow"] = "reject-publish"
        return arguments


def declare(url: str, queues: list[Queue]) -> None:
    """Makes everything that is missing; raises pika's error when something exists with other arguments."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    try:
        channel = connection.channel()
        for exchange in (EVENTS, SUBMISSIONS):
            channel.exchange_declare(exchange, "topic", durable=True)
        channel.exchange_declare(DEAD, "fanout", durable=True)
        channel.queue_declare(DEAD, durable=True, arguments={"x-queue-type": "quorum"})
        channel.queue_bind(DEAD, DEAD)
        for queue in queues:
            channel.queue_declare(queue.name, durable=True, arguments=queue.arguments())
            for event_type in queue.types:
                channel.queue_bind(queue.name, queue.exchange, event_type)
    finally:
        connection.close()
