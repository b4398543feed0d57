from typing import Any

import pytest

from services.intake.domain.story import tell
from shared.events.assignment import TicketAssigned, TicketWaiting
from shared.events.catalogue import TYPE_OF
from shared.events.envelope import Event
from shared.events.intake import TicketNoteAdded, TicketPutOnHold, TicketRated
from shared.events.notify import NotificationFailed
from shared.events.sla import SlaBreached
from shared.events.ticket import Actor, Department, Person
from tests.unit.intake.cast import BEN, NINE, a_ticket

TICKET = a_ticket().snapshot()
SUPPORT = Department("support", "Support")
SYSTEM = Actor("system", "assignment")


@pytest.mark.parametrize(
    ("source", "data", "told"),
    [
        ("intake", TicketPutOnHold(TICKET, BEN, "waits for {a} part"), ("put on hold", "Ben", "waits for {a} part")),
        ("intake", TicketNoteAdded(TICKET, BEN, "e1"), ("a note was added", "Ben", None)),
        ("intake", TicketRated(TICKET, BEN, 2, "It took a week."), ("rated 2 of 5", "Ben", "It took a week.")),
        ("intake", TicketRated(TICKET, BEN, 5, ""), ("rated 5 of 5", "Ben", None)),
        (
            "assignment",
            TicketAssigned(TICKET, SYSTEM, Person("ben", "Ben", "ben@desk.example"), SUPPORT, "allocated", "d1", 2.0),
            ("assigned to Ben of Support", "assignment", "allocated, decision d1"),
        ),
        (
            "assignment",
            TicketWaiting(TICKET, SUPPORT, {"at_capacity": 2, "away": 1}, "d2"),
            ("waits in Support", "assignment", "nobody could take it (2 at_capacity, 1 away), decision d2"),
        ),
        ("sla", SlaBreached(TICKET, "first_response", NINE), ("first_response was missed", "sla", None)),
        (
            "notify",
            NotificationFailed("n1", TICKET.id, "ticket_received", "ana@x.example", "email", "no such mailbox", 3),
            ("ticket_received to ana@x.example by email failed", "notify", "no such mailbox"),
        ),
    ],
)
def test_a_hop_is_told_in_words(source: str, data: Any, told: tuple[str, str, str | None]) -> None:
    event = Event("e1", TYPE_OF[type(data)], source, TICKET.id, NINE, 1, data, "c1")
    assert tell(event) == told
