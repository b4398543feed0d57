"""Up to when one may judge: what intake's relay has published, once it is heard, else what was heard last of intake."""

from dataclasses import replace
from datetime import datetime

from shared.events.envelope import Event
from shared.messaging.consumer import Look
from shared.watermark import Watermark
from tests.support.sla_cast import Life, utc

NINE = utc("2026-11-23 09:00")


class _Desk:
    """One process at a queue: what it sees there, and what time it is."""

    def __init__(self) -> None:
        self.now = NINE
        self.sees: Look | None = Look(is_drained=True, consumers=1, since=NINE, at=NINE)
        self.watermark = Watermark("intake", lambda: self.sees, lambda own, _: own, lambda: self.now)

    def moment(self, now: str, *, is_drained: bool) -> datetime | None:
        self.now = utc(f"2026-11-23 {now}")
        self.sees = Look(is_drained, 1, NINE, self.now)
        return self.watermark.moment()

    def hears(self, now: str, *events: Event[object]) -> None:
        self.now = utc(f"2026-11-23 {now}")
        self.watermark.applied(events)

    def is_told(self, now: str, until: str) -> None:
        self.now = utc(f"2026-11-23 {now}")
        self.watermark.signed(utc(f"2026-11-23 {until}"))


def said_by_intake(at: str) -> Event[object]:
    return replace(Life().created(), time=utc(f"2026-11-23 {at}"))


def said_by_assignment(at: str) -> Event[object]:
    return Life().assigned(utc(f"2026-11-23 {at}"))


def test_a_silence_tells_nothing_until_intake_has_said_that_it_is_one() -> None:
    desk = _Desk()
    assert desk.moment("09:10:00", is_drained=True) is None
    desk.is_told("09:10:01", until="09:10:00")
    assert desk.moment("09:10:01", is_drained=True) == utc("2026-11-23 09:10:00")


def test_while_intake_publishes_nothing_the_judgement_stands() -> None:
    desk = _Desk()
    desk.is_told("09:10:01", until="09:10:00")
    assert desk.moment("09:40:00", is_drained=True) == utc("2026-11-23 09:10:00")


def test_while_something_waits_the_newest_that_intake_said_counts() -> None:
    desk = _Desk()
    desk.is_told("09:10:00", until="09:09:59.5")
    assert desk.moment("09:10:00", is_drained=False) is None
    desk.hears("09:10:00", said_by_intake("09:09:58"), said_by_intake("09:09:59"), said_by_assignment("09:10:00"))
    assert desk.moment("09:10:01", is_drained=False) == utc("2026-11-23 09:09:59")
    assert desk.moment("09:10:01", is_drained=True) == utc("2026-11-23 09:09:59.5")


def test_what_came_after_the_last_sign_counts_too() -> None:
    desk = _Desk()
    desk.is_told("09:10:00", until="09:09:59")
    desk.hears("09:10:01", said_by_intake("09:10:00"))
    assert desk.moment("09:10:01", is_drained=True) == utc("2026-11-23 09:10:00")


def test_what_another_service_says_tells_nothing_of_what_intake_still_has_to_say() -> None:
    desk = _Desk()
    desk.hears("09:30:00", said_by_assignment("09:30:00"))
    assert desk.moment("09:30:01", is_drained=False) is None


def test_a_publisher_whose_clock_is_ahead_does_not_carry_the_judgement_into_the_future() -> None:
    desk = _Desk()
    desk.hears("09:30:00", said_by_intake("09:31:00"))
    assert desk.moment("09:30:01", is_drained=False) == utc("2026-11-23 09:30:00")
    desk.is_told("09:30:02", until="09:31:00")
    assert desk.moment("09:30:03", is_drained=True) == utc("2026-11-23 09:30:02")


def test_nothing_is_known_without_a_broker() -> None:
    desk = _Desk()
    desk.hears("09:30:00", said_by_intake("09:30:00"))
    desk.is_told("09:30:01", until="09:30:00")
    desk.sees = None
    assert desk.watermark.moment() is None


def test_what_comes_again_takes_nothing_back() -> None:
    desk = _Desk()
    desk.hears("09:30:00", said_by_intake("09:29:59"))
    desk.hears("09:30:01", said_by_intake("09:29:00"))
    assert desk.moment("09:30:02", is_drained=False) == utc("2026-11-23 09:29:59")
    desk.is_told("09:30:03", until="09:30:02")
    desk.is_told("09:30:03", until="09:30:01")
    assert desk.moment("09:30:04", is_drained=True) == utc("2026-11-23 09:30:02")
