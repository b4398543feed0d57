"""A clock for people to read: each deadline with the stretches of time that add up to it."""

from datetime import datetime, timedelta
from typing import Any

from services.sla.clock_repository import facts_of, promised, snapshot_of, targets_of
from services.sla.domain.clock import Span, Target, counted, spans_of, worked
from services.sla.domain.explanation import explain
from services.sla.domain.judgement import is_missed
from services.sla.domain.plan import Plan, Promise
from shared.store.documents import Document, Documents


def clock_view(document: Document, told: list[Document], documents: Documents, now: datetime) -> dict[str, Any]:
    ticket = snapshot_of(document)
    spans = spans_of(ticket.created_at, facts_of(document))
    plans = promised(document, documents)
    return {
        "ticket_id": document["_id"],
        "number": ticket.number,
        "severity": ticket.severity,
        "state": spans[-1].state,
        "started_at": ticket.created_at,
        "plan": {"id": document["plan_id"], "version": document["plan_version"]},
        "targets": {target.name: _target(target, spans, plans[target.name], now) for target in targets_of(document)},
        "next_due_at": document["next_due_at"],
        "told": [{name: row[name] for name in ("target", "threshold", "cycle", "due_at", "told_at")} for row in told],
        "version": document["version"],
    }


def _target(target: Target, spans: tuple[Span, ...], plan: Plan, now: datetime) -> dict[str, Any]:
    promise = plan.promise(target.severity, target.name)
    until = target.stopped_at or now
    spent = worked(counted(spans, until), promise.schedule, until)
    return {
        "state": "breached" if is_missed(target, now) else target.state,
        "severity": target.severity,
        "due_at": target.due and target.due.at,
        "warn_at": target.warn and target.warn.at,
        "stopped_at": target.stopped_at,
        "target_seconds": _seconds(promise.within),
        "worked_seconds": _seconds(spent),
        "remaining_seconds": _seconds(promise.within - spent),
        "schedule": promise.schedule.id,
        "plan_version": target.plan_version,
        "explanation": _stretches(target, spans, promise, now),
    }


def _stretches(target: Target, spans: tuple[Span, ...], promise: Promise, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "from": stretch.start,
            "to": stretch.end,
            "seconds": _seconds(stretch.length),
            "kind": stretch.kind,
            "because": stretch.because,
        }
        for stretch in explain(spans, target, promise.schedule, now)
    ]


def _seconds(length: timedelta) -> float:
    return length.total_seconds()
