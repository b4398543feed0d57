"""Who is responsible, as assignment says: shown on the ticket. Being given to a person opens a new ticket."""

from datetime import datetime
from typing import Any

from services.intake.ticket_repository import TICKETS, from_document, to_document
from services.intake.timeline import hear
from shared.events.assignment import TicketAssigned, TicketReleased, TicketTransferred, TicketWaiting
from shared.events.envelope import Event
from shared.events.ticket import Person
from shared.store.documents import Changes, Document, Documents


def show_assigned(event: Event[TicketAssigned], documents: Documents, now: datetime) -> Changes:
    return _show(event, "assigned", event.data.agent, documents, now)


def show_released(event: Event[TicketReleased], documents: Documents, now: datetime) -> Changes:
    return _show(event, "released", None, documents, now)


def show_transferred(event: Event[TicketTransferred], documents: Documents, now: datetime) -> Changes:
    keeper = event.data.agent
    return _show(event, "assigned" if keeper else "waiting", keeper, documents, now)


def show_waiting(event: Event[TicketWaiting], documents: Documents, now: datetime) -> Changes:
    return _show(event, "waiting", None, documents, now)


def _show(event: Event[Any], status: str, agent: Person | None, documents: Documents, now: datetime) -> Changes:
    heard = hear(event, event.data.ticket.id, now)
    known = documents.get(TICKETS, event.data.ticket.id)
    if known is None:
        return heard
    document = _opened(known) if agent is not None else known
    shown = known.get("shown", {})
    if event.sequence > shown.get("assignment", {}).get("sequence", 0):
        department = event.data.department
        assignment = {
            "sequence": event.sequence,
            "status": status,
            "assignee": agent and {"id": agent.id, "name": agent.name},
            "department": {"id": department.id, "name": department.name},
        }
        document = {**document, "shown": {**shown, "assignment": assignment}}
    return heard if document is known else heard + Changes(documents=[(TICKETS, document)])


def _opened(known: Document) -> Document:
    """A fact that came late opens it too: somebody has had it."""
    if known["status"] != "new":
        return known
    ticket = from_document(known)
    ticket.open()
    return {**known, **to_document(ticket)}
