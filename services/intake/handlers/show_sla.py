"""What sla promises, as it says: each target keeps the word with the highest sequence."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.intake.ticket_repository import TICKETS, with_overdue
from services.intake.timeline import hear
from shared.events.envelope import Event
from shared.events.sla import SlaBreached, SlaMet, SlaPaused, SlaResumed, SlaTargetsSet, SlaWarned, TargetDue
from shared.store.documents import Changes, Document, Documents


def show_targets(
    event: Event[SlaTargetsSet | SlaPaused | SlaResumed | SlaMet], documents: Documents, now: datetime
) -> Changes:
    return _show(event, event.data.targets, documents, now)


def show_breach(event: Event[SlaBreached], documents: Documents, now: datetime) -> Changes:
    missed = TargetDue(event.data.target, event.data.due_at, "breached")
    return _show(event, [missed], documents, now)


def show_warning(event: Event[SlaWarned], documents: Documents, now: datetime) -> Changes:
    return hear(event, event.data.ticket.id, now)


def _show(event: Event[Any], said: Iterable[TargetDue], documents: Documents, now: datetime) -> Changes:
    heard = hear(event, event.data.ticket.id, now)
    known = documents.get(TICKETS, event.data.ticket.id)
    if known is None:
        return heard
    shown = known.get("shown", {})
    before = shown.get("sla", {"sequence": 0, "targets": {}})
    targets: dict[str, Document] = dict(before["targets"])
    for target in said:
        if event.sequence > targets.get(target.target, {}).get("sequence", 0):
            targets[target.target] = {
                "due_at": target.due_at,
                "state": target.state,
                "sequence": event.sequence,
            }
    sla = {"sequence": max(event.sequence, before["sequence"]), "targets": targets}
    return heard + Changes(documents=[(TICKETS, with_overdue({**known, "shown": {**shown, "sla": sla}}))])
