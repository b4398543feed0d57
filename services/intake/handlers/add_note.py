"""An agent writes a note for the other agents. Its text stays here."""

from datetime import datetime

from services.intake.entries import ENTRIES, entry
from services.intake.ticket_repository import load, save
from shared.events.ticket import Actor
from shared.store.documents import Changes, Documents


def add_note(ticket_id: str, text: str, actor: Actor, documents: Documents, now: datetime) -> Changes:
    ticket = load(documents, ticket_id)
    note = entry(ticket.id, "note", actor, text, now)
    ticket.take_note(note["_id"], actor, now)
    return Changes(rows=[(ENTRIES, note)]) + save(ticket, documents)
