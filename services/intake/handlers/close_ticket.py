"""The end: nothing is written to a closed ticket but notes and a rating."""

from dataclasses import dataclass
from datetime import datetime

from services.intake.ticket_repository import load, save
from shared.events.ticket import Actor
from shared.store.documents import Changes, Documents


@dataclass(frozen=True)
class CloseTicket:
    """`reason` may be empty for a resolved ticket only."""

    ticket_id: str
    reason: str
    actor: Actor


def close_ticket(command: CloseTicket, documents: Documents, now: datetime) -> Changes:
    ticket = load(documents, command.ticket_id)
    ticket.close(command.reason, command.actor, now)
    return save(ticket, documents)
