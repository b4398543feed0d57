"""Ana asks, Ben and Cleo work; and the events that intake tells of her ticket."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.events.envelope import Event, type_of
from shared.events.intake import TicketAgentReplied, TicketCreated, TicketReopened, TicketResolved, TicketTriaged
from shared.events.ticket import Actor, Requester, TicketSnapshot
from shared.identifiers import new_id

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANA = Requester("0190a0a0-0000-7000-8000-00000000000a", "ana@payroll.example", "Ana")
ANA_ACTS = Actor("requester", ANA.id, ANA.name)
BEN_ACTS = Actor("agent", "ben", "Ben Okafor")
TICKET = TicketSnapshot(
    id="0190a0a0-0000-7000-8000-000000000001",
    number="100001",
    subject="VPN drops every hour",
    requester=ANA,
    topic="network",
    impact="medium",
    urgency="medium",
    severity="sev_c",
    priority="normal",
    status="new",
    created_at=NINE,
)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def ticket(number: int, **facts: Any) -> TicketSnapshot:
    return replace(TICKET, id=f"0190a0a0-0000-7000-8000-{number:012d}", number=str(100_000 + number), **facts)


def event(sequence: int, data: Any, time: datetime | None = None) -> Event[Any]:
    at = time or NINE + minutes(sequence - 1)
    return Event(new_id(), type_of(data), "intake", data.ticket.id, at, sequence, data, correlation_id=new_id())


def created(sequence: int, ticket: TicketSnapshot = TICKET) -> Event[Any]:
    return event(sequence, TicketCreated(ticket, ANA_ACTS, "http", new_id(), "It drops.", "medium × medium"))


def triaged(sequence: int, ticket: TicketSnapshot = TICKET, **facts: Any) -> Event[Any]:
    return event(sequence, TicketTriaged(replace(ticket, **facts), BEN_ACTS, "looked at it", tuple(facts)))


def replied(sequence: int, actor: Actor = BEN_ACTS, ticket: TicketSnapshot = TICKET) -> Event[Any]:
    return event(sequence, TicketAgentReplied(replace(ticket, status="open"), actor, new_id(), "On it."))


def resolved(sequence: int, ticket: TicketSnapshot = TICKET, **facts: Any) -> Event[Any]:
    return event(sequence, TicketResolved(replace(ticket, status="resolved", **facts), BEN_ACTS, "A new cable."))


def reopened(sequence: int, ticket: TicketSnapshot = TICKET, **facts: Any) -> Event[Any]:
    return event(sequence, TicketReopened(replace(ticket, status="open", **facts), ANA_ACTS, "It drops again."))
