"""The requester says how well it went."""

from datetime import datetime

from services.intake.ticket_repository import load, save
from shared.events.ticket import Actor
from shared.store.documents import Changes, Documents


def rate_ticket(ticket_id: str, score: int, comment: str, actor: Actor, documents: Documents, now: datetime) -> Changes:
    ticket = load(documents, ticket_id)
    ticket.rate(score, comment, actor, now)
    return save(ticket, documents)
