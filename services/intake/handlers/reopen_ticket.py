"""It was not done after all."""

from dataclasses import dataclass
from datetime import datetime

from services.intake.ticket_repository import load, save
from shared.events.ticket import Actor
from shared.store.documents import Changes, Documents


@dataclass(frozen=True)
class ReopenTicket:
    ticket_id: str
    reason: str
    actor: Actor


def reopen_ticket(command: ReopenTicket, documents: Documents, now: datetime) -> Changes:
    ticket = load(documents, command.ticket_id)
    ticket.reopen(command.reason, command.actor, now)
    return save(ticket, documents)
