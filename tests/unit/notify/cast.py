"""Ana asks, Ben and Dana work; Dana manages. One ticket about a printer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.events.access import AgentInvited
from shared.events.assignment import TicketAssigned
from shared.events.catalogue import TYPE_OF
from shared.events.envelope import Event
from shared.events.intake import RequesterAccessRequested, TicketAgentReplied, TicketCreated, TicketResolved
from shared.events.sla import SlaBreached, SlaWarned, TicketEscalated
from shared.events.ticket import Actor, Department, Person, Requester, TicketSnapshot

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # 13:00 in Berlin
TICKET_ID = "0195573f-0000-7000-8000-000000000001"

ANA = Requester("ana", "ana@customer.example", "Ana Silva")
BEN = Person("ben", "Ben Okafor", "ben@desk.example")
DANA = Person("dana", "Dana Weiss", "dana@desk.example")
ANA_ACTS = Actor("requester", "ana", "Ana Silva")
BEN_ACTS = Actor("agent", "ben", "Ben Okafor")
SYSTEM_ACTS = Actor("system", "assignment")
FORM_ACTS = Actor("integration", "web-form", "Web form")
INFRASTRUCTURE = Department("infrastructure", "Infrastructure", manager=DANA)

TICKET = TicketSnapshot(
    id=TICKET_ID,
    number="100001",
    subject="The printer is on fire",
    requester=ANA,
    topic="hardware",
    impact="high",
    urgency="medium",
    severity="sev_b",
    priority="high",
    status="new",
    created_at=NOON,
)

CREATED = TicketCreated(
    TICKET, ANA_ACTS, "email", "entry-1", "Please help.", "", mail_message_id="<1@customer.example>"
)
REPLIED = TicketAgentReplied(TICKET, BEN_ACTS, "entry-2", "Water is on its way.", "<1@customer.example>")
CREATED_BY_ANA = replace(CREATED, channel="http", mail_message_id=None)  # signed in
CREATED_BY_BEN = replace(CREATED_BY_ANA, actor=BEN_ACTS)
RESOLVED = TicketResolved(TICKET, BEN_ACTS, "A new printer stands there.")
ASSIGNED = TicketAssigned(TICKET, SYSTEM_ACTS, BEN, INFRASTRUCTURE, "allocated", "decision-1", 3.0)
WARNED = SlaWarned(TICKET, "first_response", NOON, BEN, INFRASTRUCTURE)
BREACHED = SlaBreached(TICKET, "resolution", NOON, BEN, INFRASTRUCTURE)
ESCALATED = TicketEscalated(TICKET, "resolution", 1, "emergency", "the resolution is overdue", BEN, INFRASTRUCTURE)

INVITED = AgentInvited(BEN, "0195573f-0000-7000-8000-0000000000f1", "Dana Weiss", NOON + timedelta(days=3))
ACCESS_REQUESTED = RequesterAccessRequested(ANA, NOON + timedelta(hours=1))


def event(data: Any, event_id: str = "0195573f-0000-7000-8000-0000000000e1") -> Event[Any]:
    return Event(event_id, TYPE_OF[type(data)], "intake", TICKET_ID, NOON, 1, data, correlation_id="chain-1")


def with_ticket(data: Any, **changed: Any) -> Any:
    return replace(data, ticket=replace(data.ticket, **changed))


def with_requester(data: Any, **changed: Any) -> Any:
    return with_ticket(data, requester=replace(data.ticket.requester, **changed))
