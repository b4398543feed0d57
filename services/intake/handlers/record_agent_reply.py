"""An agent answers the requester. The first answer opens the ticket."""

from datetime import datetime

from services.intake.entries import ENTRIES, entry
from services.intake.ticket_repository import load, save
from shared.events.ticket import Actor
from shared.store.documents import Changes, Documents


def record_agent_reply(ticket_id: str, text: str, actor: Actor, documents: Documents, now: datetime) -> Changes:
    ticket = load(documents, ticket_id)
    reply = entry(ticket.id, "agent_reply", actor, text, now)
    ticket.take_agent_reply(reply["_id"], text, actor, now)
    return Changes(rows=[(ENTRIES, reply)]) + save(ticket, documents)
