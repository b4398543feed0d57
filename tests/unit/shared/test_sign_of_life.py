"""A sign of life speaks of what the broker has confirmed, and of nothing later."""

from datetime import datetime

import pytest

from shared.messaging.publisher import Message, Publisher
from shared.messaging.sign_of_life import SignOfLife, read_sign
from tests.support.sla_cast import utc


class _Relay:
    """It has handed over some events, of which the broker has confirmed some."""

    def __init__(self) -> None:
        self.publisher = Publisher("amqp://127.0.0.1:1/", "a relay")  # never started
        self.told: list[tuple[str, datetime]] = []
        self.sign = SignOfLife("intake", self.publisher, self._hand_over)

    def _hand_over(self, message: Message) -> int:
        self.told.append((message.routing_key, read_sign(message.body)))
        return 0


def test_it_waits_for_what_it_speaks_of() -> None:
    relay = _Relay()
    relay.publisher.confirmed = 6
    relay.sign.see_to(utc("2026-11-23 09:00"), count=7)
    relay.sign.see_to(utc("2026-11-23 09:01"), count=8)
    assert relay.told == []
    relay.publisher.confirmed = 7
    relay.sign.see_to(utc("2026-11-23 09:02"), count=9)
    assert relay.told == [("published.intake", utc("2026-11-23 09:00"))]


def test_the_next_comes_a_second_later() -> None:
    relay = _Relay()
    for minute in range(3):
        relay.sign.see_to(utc(f"2026-11-23 09:0{minute}"), count=0)
    assert relay.told == [("published.intake", utc("2026-11-23 09:00"))]


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"until": "soon"}', b'{"until": null}', b"\xff"])
def test_what_is_no_sign_is_told_from_one(body: bytes) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        read_sign(body)
