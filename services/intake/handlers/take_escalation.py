"""An escalation raises the order of work, never lowers it. A closed ticket is left in peace."""

from datetime import datetime

from services.intake.ticket_repository import TICKETS, from_document, save
from services.intake.timeline import hear
from shared.events.envelope import Event
from shared.events.sla import TicketEscalated
from shared.events.ticket import Actor
from shared.store.documents import Changes, Documents


def take_escalation(event: Event[TicketEscalated], documents: Documents, now: datetime) -> Changes:
    heard = hear(event, event.data.ticket.id, now)
    known = documents.get(TICKETS, event.data.ticket.id)
    if known is None or known["status"] == "closed":
        return heard
    ticket = from_document(known)
    by = Actor("system", event.source, event.source)
    ticket.escalate(event.data.priority, f"escalated: {event.data.reason}", by, now)
    return heard + save(ticket, documents)
