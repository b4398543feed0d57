"""An agent, or the system that opened it, says that it is done and what was done."""

from dataclasses import dataclass
from datetime import datetime

from services.intake.ticket_repository import load, save
from shared.events.ticket import Actor
from shared.store.documents import Changes, Documents


@dataclass(frozen=True)
class ResolveTicket:
    ticket_id: str
    resolution: str
    actor: Actor


def resolve_ticket(command: ResolveTicket, documents: Documents, now: datetime) -> Changes:
    ticket = load(documents, command.ticket_id)
    ticket.resolve(command.resolution, command.actor, now)
    return save(ticket, documents)
