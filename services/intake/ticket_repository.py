"""Tickets as documents: `requester` lies inside as the ticket knows it, others' facts under `shown`."""

from dataclasses import fields
from typing import Any

from services.intake.domain.overdue import is_overdue
from services.intake.domain.ticket import Ticket
from shared.events.ticket import Requester
from shared.refusals import NotFound
from shared.store.documents import Announcement, Changes, Document, Documents, Key

TICKETS = "tickets"
_SAME = [f.name for f in fields(Ticket) if f.name not in ("id", "requester", "tags", "external_reference", "news")]


def external_key(sender: str, reference: str) -> str:
    """A sender's own name for a ticket: unique for that sender."""
    return f"{sender} {reference}"


def ticket_key(ticket_id: str) -> Key:
    return Key(TICKETS, ticket_id)


def load(documents: Documents, ticket_id: str) -> Ticket:
    document = documents.get(TICKETS, ticket_id)
    if document is None:
        raise NotFound("There is no ticket with this id.")
    return from_document(document)


def from_document(document: Document) -> Ticket:
    same: dict[str, Any] = {name: document[name] for name in _SAME if name in document}  # some are newer than others
    return Ticket(
        id=document["_id"],
        requester=Requester(**document["requester"]),
        tags=tuple(document["tags"]),
        external_reference=document.get("external_reference"),
        **same,
    )


def to_document(ticket: Ticket) -> Document:
    document = {name: getattr(ticket, name) for name in _SAME}
    document["_id"] = ticket.id
    document["requester"] = dict(vars(ticket.requester))
    document["tags"] = list(ticket.tags)
    if ticket.external_reference is not None:
        document["external_reference"] = ticket.external_reference
    return document


def save(ticket: Ticket, documents: Documents) -> Changes:
    """The ticket's document and its news; the answer is the document."""
    document = {**(documents.get(TICKETS, ticket.id) or {}), **to_document(ticket)}
    return saved(ticket, with_overdue(document))


def with_overdue(document: Document) -> Document:
    """What follows from the ticket and from what sla says of it."""
    shown = document.get("shown", {})
    if "sla" not in shown:
        return document
    missed = [name for name, target in shown["sla"]["targets"].items() if target["state"] == "breached"]
    overdue = is_overdue(document["status"], document.get("first_responded_at"), missed)
    return {**document, "shown": {**shown, "sla": {**shown["sla"], "is_overdue": overdue}}}


def saved(ticket: Ticket, document: Document) -> Changes:
    events = [Announcement(news.data, ticket.id, news.sequence, news.time) for news in ticket.news]
    return Changes(documents=[(TICKETS, document)], events=events, answer=document)
