"""Publishes rows of the event logs again, as the relay does: durable, confirmed, the same ids."""

from collections import deque
from collections.abc import Iterable, Iterator

from shared.messaging.publisher import Message, Publisher, PublisherLost
from shared.messaging.topology import EVENTS
from shared.store.documents import Document

_PATIENCE = 30.0


def publish(amqp_url: str, rows: Iterable[Document], to_queue: str | None) -> Iterator[str]:
    """To everybody, or to one queue alone. Yields each id once the broker has confirmed it, in the order given."""
    publisher = Publisher(amqp_url, "replay")
    publisher.connection.start()
    try:
        opening = publisher.begin(_PATIENCE)
        under_way: deque[tuple[int, str]] = deque()
        for row in rows:
            exchange, key = ("", to_queue) if to_queue else (EVENTS, row["type"])
            place = publisher.publish(Message(row["_id"], exchange, key, row["body"]), opening, _PATIENCE)
            under_way.append((place, row["_id"]))
            _find_none_refused(publisher, opening)
            while under_way and under_way[0][0] <= publisher.confirmed:
                yield under_way.popleft()[1]
        if not publisher.wait_answered(opening, _PATIENCE):
            raise PublisherLost("the broker confirms nothing")
        _find_none_refused(publisher, opening)
        yield from (name for _, name in under_way)
    finally:
        publisher.connection.stop()


def _find_none_refused(publisher: Publisher, opening: int) -> None:
    if publisher.refused(opening):
        raise PublisherLost("a queue is full and rejects")
