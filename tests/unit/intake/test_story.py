from datetime import UTC, datetime
from typing import Any

import pytest

from services.intake.domain.story import tell
from shared.events.assignment import TicketAssigned, TicketReleased, TicketWaiting
from shared.events.catalogue import TYPE_OF
from shared.events.envelope import Event
from shared.events.intake import TicketNoteAdded, TicketPutOnHold, TicketRated
from shared.events.notify import NotificationFailed
from shared.events.sla import (
    SlaBreached,
    SlaMet,
    SlaPaused,
    SlaResumed,
    SlaTargetsSet,
    SlaWarned,
    TargetDue,
    TicketEscalated,
)
from shared.events.ticket import Actor, Department, Person
from tests.unit.intake.cast import BEN, NINE, a_ticket

TICKET = a_ticket().snapshot()
SUPPORT = Department("support", "Support")
SYSTEM = Actor("system", "assignment")
ERIK = Actor("agent", "erik", "Erik Lund")
A_KEY_CALLED_BEN = Actor("integration", "ben", "Chat bot")
BEN_PERSON = Person("ben", "Ben", "ben@desk.example")
TEN = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
FOUR = datetime(2026, 3, 2, 16, 0, 5, tzinfo=UTC)
ANSWERED, MISSED = TargetDue("first_response", None, "met"), TargetDue("first_response", TEN, "breached")
STOPPED, RUNS = TargetDue("resolution", None, "paused"), TargetDue("resolution", FOUR, "running")


def told(source: str, data: Any) -> tuple[str, str, str | None]:
    return tell(Event("e1", TYPE_OF[type(data)], source, TICKET.id, NINE, 1, data, "c1"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (TicketPutOnHold(TICKET, BEN, "waits for {a} part"), ("put on hold", "Ben", "waits for {a} part")),
        (TicketNoteAdded(TICKET, BEN, "e1"), ("a note was added", "Ben", None)),
        (TicketRated(TICKET, BEN, 2, "It took a week."), ("rated 2 of 5", "Ben", "It took a week.")),
        (TicketRated(TICKET, BEN, 5, ""), ("rated 5 of 5", "Ben", None)),
    ],
)
def test_our_own_hops_are_told_in_words(data: Any, words: tuple[str, str, str | None]) -> None:
    assert told("intake", data) == words


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            TicketAssigned(TICKET, SYSTEM, BEN_PERSON, SUPPORT, "allocated", "d1", 2.0),
            ("assigned to Ben of Support", "assignment", "allocated, decision d1"),
        ),
        (
            TicketAssigned(TICKET, ERIK, BEN_PERSON, SUPPORT, "assigned", "d1", 2.0, "dana", "knows the building"),
            ("assigned to Ben of Support", "Erik Lund", "assigned, decision d1: knows the building"),
        ),
        (
            TicketWaiting(TICKET, SUPPORT, {"at_capacity": 2, "away": 1}, "d2"),
            ("waits in Support", "assignment", "nobody could take it (2 at_capacity, 1 away), decision d2"),
        ),
    ],
)
def test_an_assignment_is_told_with_its_rule_its_decision_and_the_reason_given(
    data: Any, words: tuple[str, str, str | None]
) -> None:
    assert told("assignment", data) == words


@pytest.mark.parametrize(
    ("actor", "what", "who"),
    [
        (BEN, "released by Ben, in Support", "Ben"),
        (Actor("agent", "ben"), "released by ben, in Support", "ben"),
        (ERIK, "taken from its agent, in Support", "Erik Lund"),
        (SYSTEM, "taken from its agent, in Support", "assignment"),
        (A_KEY_CALLED_BEN, "taken from its agent, in Support", "Chat bot"),
    ],
)
def test_only_who_gave_a_ticket_back_himself_has_released_it(actor: Actor, what: str, who: str) -> None:
    assert told("assignment", TicketReleased(TICKET, actor, "ben", SUPPORT, "a reason")) == (what, who, "a reason")


@pytest.mark.parametrize(
    ("data", "what", "why"),
    [
        (SlaTargetsSet(TICKET, "standard", 1, (RUNS,), "sev_b"), "targets set by plan standard", "sev_b"),
        (SlaWarned(TICKET, "resolution", FOUR), "resolution is due soon", "due at 2026-03-02 16:00:05 UTC"),
        (SlaBreached(TICKET, "first_response", TEN), "first_response was missed", "due at 2026-03-02 10:00:00 UTC"),
        (
            SlaMet(TICKET, "first_response", TEN, NINE, (ANSWERED, RUNS)),
            "first_response was met",
            "due at 2026-03-02 10:00:00 UTC",
        ),
        (SlaPaused(TICKET, (ANSWERED, STOPPED)), "the clock stopped", "first_response met, resolution paused"),
        (
            SlaResumed(TICKET, (MISSED, RUNS)),
            "the clock goes on",
            "first_response breached, resolution due at 2026-03-02 16:00:05 UTC",
        ),
        (
            TicketEscalated(TICKET, "resolution", 1, "high", "resolution was due at 2026-03-02 16:00:05 UTC"),
            "escalated: priority high asked for",
            "resolution was due at 2026-03-02 16:00:05 UTC",
        ),
    ],
)
def test_a_promise_is_told_with_what_is_due_when(data: Any, what: str, why: str) -> None:
    assert told("sla", data) == (what, "sla", why)


def test_a_notification_that_failed_is_told_with_what_was_answered() -> None:
    failed = NotificationFailed("n1", TICKET.id, "ticket_received", "ana@x.example", "email", "no such mailbox", 3)
    assert told("notify", failed) == ("ticket_received to ana@x.example by email failed", "notify", "no such mailbox")
