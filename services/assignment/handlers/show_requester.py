"""Requesters as intake describes them, so that an announcement names them as they are by now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.events.envelope import Event
from shared.events.intake import RequesterChanged
from shared.events.ticket import Requester, TicketSnapshot
from shared.store.documents import Changes, Document, Documents, Key

REQUESTERS = "requesters"


def keys(event: Event[RequesterChanged]) -> Sequence[Key]:
    return [Key(REQUESTERS, event.subject)]


def show_requester(event: Event[RequesterChanged], documents: Documents, now: datetime) -> Changes:
    known = documents.get(REQUESTERS, event.subject)
    if known is not None and event.sequence <= known["sequence"]:
        return Changes()
    shown = {
        "_id": event.subject,
        "sequence": event.sequence,
        "time": event.time,
        "requester": vars(event.data.requester),
    }
    return Changes(documents=[(REQUESTERS, shown)])


def with_requester(ticket: TicketSnapshot, told_at: datetime, known: Document | None) -> TicketSnapshot:
    """The ticket with what is known of its requester, if that is newer than what the ticket said."""
    if known is None or known["time"] <= told_at:
        return ticket
    return replace(ticket, requester=Requester(**known["requester"]))
