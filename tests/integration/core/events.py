"""Events to feed the core with."""

from datetime import UTC, datetime

from shared.events.envelope import Event
from shared.events.intake import TicketCreated
from shared.events.ticket import Actor, Requester, TicketSnapshot
from shared.identifiers import new_id

ANA = Requester("0190a0a0-0000-7000-8000-00000000000a", "ana@payroll.example", "Ana")


def ticket_created(
    number: str, subject: str = "VPN drops every hour", ticket_id: str | None = None
) -> Event[TicketCreated]:
    now = datetime.now(UTC)
    ticket = TicketSnapshot(
        id=ticket_id or new_id(),
        number=number,
        subject=subject,
        requester=ANA,
        topic="network",
        impact="medium",
        urgency="medium",
        severity="sev_c",
        priority="normal",
        status="new",
        created_at=now,
    )
    data = TicketCreated(ticket, Actor("requester", ANA.id, ANA.name), "http", new_id(), "It drops.", "medium × medium")
    return Event(new_id(), "ticket.created", "intake", ticket.id, now, 1, data, correlation_id=new_id())
