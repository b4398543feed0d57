"""How long after its cause each hop came."""

from datetime import timedelta
from typing import Any

from services.intake.timeline import TIMELINE, hear, merged
from shared.events.catalogue import TYPE_OF
from shared.events.envelope import Event, encode
from shared.events.intake import TicketAgentReplied
from shared.events.sla import SlaBreached, SlaMet, SlaWarned
from shared.store.documents import Document
from tests.unit.intake.cast import BEN, NINE, a_ticket, minutes

TICKET = a_ticket().snapshot()
DUE = minutes(30)


def row(data: Any, name: str, seconds: int, cause: str | None = None) -> Document:
    """As it was heard from sla, so many seconds after nine."""
    at = NINE + timedelta(seconds=seconds)
    event = Event(name, TYPE_OF[type(data)], "sla", TICKET.id, at, 1, data, "c1", cause)
    [(collection, document)] = hear(event, TICKET.id, at).rows
    assert collection == TIMELINE
    return document


def delays(heard: list[Document], own: list[Document] | None = None) -> list[int | None]:
    return [hop["delay_ms"] for hop in merged(own or [], heard)]


def test_the_delay_of_a_hop_is_the_time_since_its_cause() -> None:
    reply = Event(
        "r1",
        "ticket.agent_replied",
        "intake",
        TICKET.id,
        NINE,
        2,
        TicketAgentReplied(TICKET, BEN, "e1", "On it."),
        "c1",
    )
    met = row(SlaMet(TICKET, "first_response", DUE, NINE, ()), "m1", 2, cause="r1")
    assert delays([met], [{"body": encode(reply)}]) == [None, 2000]


def test_a_breach_is_told_with_how_long_after_the_due_moment_it_was_told() -> None:
    assert delays([row(SlaBreached(TICKET, "first_response", DUE), "b1", 1803)]) == [3000]


def test_what_has_no_cause_here_has_no_delay() -> None:
    assert delays([row(SlaWarned(TICKET, "first_response", DUE), "w1", 900)]) == [None]


def test_a_breach_that_was_heard_before_its_due_moment_was_kept_has_no_delay() -> None:
    breached = row(SlaBreached(TICKET, "first_response", DUE), "b1", 1803)
    del breached["due_at"]
    assert delays([breached]) == [None]
