"""Projections of the clock: what intake says of a ticket, and whom assignment says to tell."""

from datetime import datetime
from typing import Any

from services.sla.clock_repository import CLOCKS, people_rows, severity_of, snapshot_row
from services.sla.handlers.refold_clock import refold_clock
from services.sla.plan_repository import PLANS, STANDARD, version_in_force
from shared.events.assignment import TicketAssigned, TicketReleased, TicketTransferred, TicketWaiting
from shared.events.envelope import Event
from shared.events.ticket import TicketSnapshot
from shared.store.documents import Changes, Document, Documents, Key

FACTS = {
    "ticket.agent_replied": "agent_replied",
    "ticket.put_on_hold": "put_on_hold",
    "ticket.resumed": "resumed",
    "ticket.resolved": "resolved",
    "ticket.reopened": "reopened",
    "ticket.closed": "closed",
}


def keys(event: Event[Any]) -> list[Key]:
    return [Key(CLOCKS, event.data.ticket.id), Key(PLANS, STANDARD)]


def follow_ticket(event: Event[Any], documents: Documents, now: datetime) -> Changes:
    before = documents.get(CLOCKS, event.data.ticket.id) or _new_clock(event.data.ticket, documents)
    shown = _with_snapshot(before["shown"], event)
    intake = {"sequence": max(event.sequence, shown.get("intake", {}).get("sequence", 0))}
    document = {**before, "shown": {**shown, "intake": intake}, "facts": with_fact(before["facts"], event)}
    return _settled(before, document, event, documents, now)


def follow_assignment(
    event: Event[TicketAssigned | TicketTransferred | TicketWaiting | TicketReleased],
    documents: Documents,
    now: datetime,
) -> Changes:
    before = documents.get(CLOCKS, event.data.ticket.id) or _new_clock(event.data.ticket, documents)
    shown = _with_snapshot(before["shown"], event)
    if event.sequence > shown.get("assignment", {}).get("sequence", 0):
        agent = event.data.agent if isinstance(event.data, TicketAssigned | TicketTransferred) else None
        people = people_rows(agent, event.data.department)
        shown = {**shown, "assignment": {"sequence": event.sequence, **people}}
    return _settled(before, {**before, "shown": shown}, event, documents, now)


def _settled(before: Document, document: Document, event: Event[Any], documents: Documents, now: datetime) -> Changes:
    if before["targets"] and document["facts"] == before["facts"] and severity_of(document) == severity_of(before):
        return Changes(documents=[(CLOCKS, document)])
    reason = f"{event.type}, {severity_of(document)}"
    if because := getattr(event.data, "reason", ""):
        reason += f": {because}"
    return refold_clock(document, documents, now, reason)


def _new_clock(ticket: TicketSnapshot, documents: Documents) -> Document:
    """Heard of late, it still begins with what was promised when the ticket came."""
    return {
        "_id": ticket.id,
        "version": 0,
        "announced_at": None,
        "shown": {},
        "facts": [],
        "plan_id": STANDARD,
        "plan_version": version_in_force(STANDARD, ticket.created_at, documents),
        "targets": {},
        "is_open": True,
        "next_due_at": None,
        "told": [],
    }


def _with_snapshot(shown: Document, event: Event[Any]) -> Document:
    """Intake owns the ticket: its snapshots go before those of others, and a later one before an earlier."""
    known = shown.get("ticket")
    if known is None or (event.source == "intake", event.sequence) > (known["by"] == "intake", known["sequence"]):
        known = {
            "by": event.source,
            "sequence": event.sequence,
            "traceparent": event.traceparent,
            "snapshot": snapshot_row(event.data.ticket),
        }
    return {**shown, "ticket": known}


def with_fact(facts: list[Document], event: Event[Any]) -> list[Document]:
    """In intake's order, each once; of the agents' replies the first is enough."""
    kind = FACTS.get(event.type)
    if kind is None or any(row["sequence"] == event.sequence for row in facts):
        return facts
    fact = {
        "sequence": event.sequence,
        "kind": kind,
        "at": event.time,
        "severity": event.data.ticket.severity,
        "reason": getattr(event.data, "reason", ""),
    }
    rows = sorted([*facts, fact], key=lambda row: row["sequence"])
    replies = [row for row in rows if row["kind"] == "agent_replied"]
    return [row for row in rows if row["kind"] != "agent_replied" or row is replies[0]]
