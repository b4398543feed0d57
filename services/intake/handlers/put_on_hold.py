"""The ticket waits for the requester or somebody else."""

from datetime import datetime

from services.intake.ticket_repository import load, save
from shared.events.ticket import Actor
from shared.store.documents import Changes, Documents


def put_on_hold(ticket_id: str, reason: str, actor: Actor, documents: Documents, now: datetime) -> Changes:
    ticket = load(documents, ticket_id)
    ticket.put_on_hold(reason, actor, now)
    return save(ticket, documents)
