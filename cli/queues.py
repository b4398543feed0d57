"""How long our queues are, and who takes from them; a look at them changes nothing."""

from dataclasses import dataclass

from pika import BlockingConnection
from pika.exceptions import ChannelClosedByBroker

_NOT_FOUND = 404


@dataclass(frozen=True)
class Depth:
    waiting: int
    consumers: int


def depth(connection: BlockingConnection, queue: str) -> Depth | None:
    """None when there is no such queue."""
    channel = connection.channel()
    try:
        found = channel.queue_declare(queue, passive=True).method
    except ChannelClosedByBroker as error:
        if error.reply_code == _NOT_FOUND:
            return None
        raise
    channel.close()
    return Depth(found.message_count, found.consumer_count)
