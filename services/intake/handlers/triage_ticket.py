"""Somebody judges anew how bad it is, what it is about, or when it is its turn."""

from datetime import datetime

from services.intake.requester_repository import REQUESTERS, from_document
from services.intake.ticket_repository import load, save
from services.intake.topic_repository import topic_named
from shared.events.ticket import Actor
from shared.store.documents import Changes, Documents


def triage_ticket(
    ticket_id: str,
    reason: str,
    actor: Actor,
    documents: Documents,
    now: datetime,
    *,
    impact: str | None = None,
    urgency: str | None = None,
    topic: str | None = None,
    priority: str | None = None,
) -> Changes:
    """What is None stays. The requester's needs are looked at again. Raises UnknownTopic."""
    ticket = load(documents, ticket_id)
    if topic is not None:
        topic_named(topic, documents)
    row = documents.get(REQUESTERS, ticket.requester.id)
    requester = None if row is None else from_document(row)
    ticket.triage(
        reason, actor, now, impact=impact, urgency=urgency, topic=topic, priority=priority, requester=requester
    )
    return save(ticket, documents)
