"""Subject, tags and custom fields are put right."""

from datetime import datetime

from services.intake.ticket_repository import load, save
from shared.events.ticket import Actor
from shared.store.documents import Changes, Documents


def edit_ticket(
    ticket_id: str,
    actor: Actor,
    documents: Documents,
    now: datetime,
    *,
    subject: str | None = None,
    tags: tuple[str, ...] | None = None,
    custom_fields: dict[str, str] | None = None,
) -> Changes:
    """What is None stays."""
    ticket = load(documents, ticket_id)
    ticket.edit(actor, now, subject=subject, tags=tags, custom_fields=custom_fields)
    return save(ticket, documents)
