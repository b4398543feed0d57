"""What happened to a ticket, hop by hop: our own announcements and what we heard, in words."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.intake.domain.story import tell
from shared.events.envelope import Event, decode
from shared.events.sla import SlaBreached
from shared.store.documents import Changes, Document

TIMELINE = "timeline"


def hear(event: Event[Any], ticket_id: str, now: datetime) -> Changes:
    """A row for somebody else's event, whatever else becomes of it."""
    return Changes(rows=[(TIMELINE, {**_row(event), "ticket_id": ticket_id, "heard_at": now})])


def keep_apart(mail_id: str, ticket_id: str, sender: str, why: str, now: datetime) -> Changes:
    """A row for a mail about the ticket that changes nothing: whose it was, and why."""
    row = {
        "_id": mail_id,
        "ticket_id": ticket_id,
        "type": "mail.ignored",
        "source": "intake",
        "sequence": 0,
        "time": now,
        "causation_id": None,
        "what": "a mail was kept and changes nothing",
        "who": sender,
        "why": why,
    }
    return Changes(rows=[(TIMELINE, row)])


def merged(own_log: Iterable[Document], heard: Iterable[Document]) -> list[dict[str, Any]]:
    """All hops in the order of time; `delay_ms` is the time since the hop's cause, None where that isn't here.

    What causes a breach is no event, but that the due moment passes.
    """
    rows = [_row(decode(row["body"])) for row in own_log] + list(heard)
    rows.sort(key=lambda row: (row["time"], row["source"], row["sequence"]))
    time_of = {row["_id"]: row["time"] for row in rows}
    return [
        {
            "id": row["_id"],
            "time": row["time"],
            "source": row["source"],
            "type": row["type"],
            "what": row["what"],
            "who": row["who"],
            "why": row["why"],
            "causation_id": row["causation_id"],
            "delay_ms": _delay(row, time_of),
            "heard_at": row.get("heard_at"),
        }
        for row in rows
    ]


def _row(event: Event[Any]) -> Document:
    what, who, why = tell(event)
    return {
        "_id": event.id,
        "type": event.type,
        "source": event.source,
        "sequence": event.sequence,
        "time": event.time,
        "causation_id": event.causation_id,
        "what": what,
        "who": who,
        "why": why,
        "due_at": event.data.due_at if isinstance(event.data, SlaBreached) else None,
    }


def _delay(row: Document, time_of: dict[str, datetime]) -> int | None:
    cause = row.get("due_at") or time_of.get(row["causation_id"])
    return None if cause is None else round((row["time"] - cause).total_seconds() * 1000)
