"""What a relay tells of how far it is, on a real broker and store."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from shared.messaging import topology
from shared.messaging.relay import Relay
from shared.messaging.sign_of_life import read_sign, sign_of
from shared.moments import utc_now
from shared.store.documents import Document
from tests.integration.core.event_log import announced
from tests.support.eventually import eventually

SIGN = sign_of("tally")
Arrival = tuple[str, Any]


@pytest.fixture
def queue(arrivals: Any) -> Any:
    """`arrivals`, which gets the relay's signs too."""
    arrivals.queue_bind("arrivals", topology.EVENTS, SIGN)
    return arrivals


def come(queue: Any, into: list[Arrival]) -> list[Arrival]:
    """`into` with what has arrived since: (SIGN, its moment) or (type, the event's id)."""
    while True:
        method, properties, body = queue.basic_get("arrivals", auto_ack=True)
        if method is None:
            return into
        is_sign = method.routing_key == SIGN
        into.append((method.routing_key, read_sign(body) if is_sign else properties.message_id))


def signs(seen: list[Arrival]) -> list[datetime]:
    return [what for key, what in seen if key == SIGN]


def test_a_relay_with_nothing_to_say_says_so_again_and_again(queue: Any, relay: Relay) -> None:
    began = utc_now()
    relay.start()
    seen: list[Arrival] = []
    first, second, third = eventually(lambda: signs(come(queue, seen))[:3], lambda told: len(told) == 3)
    assert began <= first < second < third <= utc_now()
    assert utc_now() - began >= timedelta(seconds=2)


def test_where_nobody_takes_them_only_the_newest_waits(queue: Any, amqp_url: str, relay: Relay) -> None:
    topology.declare(amqp_url, [topology.Queue("tally.signs", topology.EVENTS, (SIGN,), keeps_newest_alone=True)])
    queue.queue_purge("tally.signs")
    relay.start()
    seen: list[Arrival] = []
    eventually(lambda: len(signs(come(queue, seen))), lambda count: count >= 3)
    method, _, body = queue.basic_get("tally.signs", auto_ack=True)
    assert method.message_count == 0
    assert read_sign(body) >= signs(seen)[2]


def test_what_was_stored_before_the_moment_has_come_before_the_sign(
    database: Database[Document], queue: Any, relay: Relay
) -> None:
    events = announced(database, *map(str, range(500)))
    stored = utc_now()
    relay.start()
    seen: list[Arrival] = []
    eventually(lambda: signs(come(queue, seen)), lambda told: any(moment > stored for moment in told))
    until = next(n for n, (key, what) in enumerate(seen) if key == SIGN and what > stored)
    assert sorted(what for key, what in seen[:until] if key != SIGN) == events
