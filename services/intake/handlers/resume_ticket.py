"""The waiting is over."""

from datetime import datetime

from services.intake.ticket_repository import load, save
from shared.events.ticket import Actor
from shared.store.documents import Changes, Documents


def resume_ticket(ticket_id: str, reason: str, actor: Actor, documents: Documents, now: datetime) -> Changes:
    ticket = load(documents, ticket_id)
    ticket.resume(reason, actor, now)
    return save(ticket, documents)
