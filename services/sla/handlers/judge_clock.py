"""Tells, once, what has passed: a target's warning, or its breach with one step of escalation."""

from datetime import datetime

from services.sla.clock_repository import CLOCKS, TOLD, people_to_tell, snapshot_of, targets_of, told_of
from services.sla.domain.judgement import BREACHED, Finding, Told, findings, next_moment, raised
from services.sla.handlers.recalculate_clock import recalculate_clock
from services.sla.handlers.refold_clock import announcing
from shared.events.sla import SlaBreached, SlaWarned, TicketEscalated
from shared.store.documents import Changes, Document, Documents


def judge_clock(ticket_id: str, moment: datetime, documents: Documents, now: datetime) -> Changes:
    """`moment`: everything before it has been heard. Another replica may have been faster: then nothing is left.

    A clock whose plan has got a newer version is brought to that first: it is judged when one looks again.
    """
    renewed = recalculate_clock(ticket_id, moment, documents, now)
    if renewed.documents:
        return renewed
    document = documents.get(CLOCKS, ticket_id)
    if document is None:
        return Changes()
    targets, told = targets_of(document), told_of(document)
    found = findings(targets, told, moment)
    if not found:
        return Changes()
    telling = [Told(finding.target, finding.threshold, moment) for finding in found]
    judged = {
        **document,
        "told": document["told"] + [row._asdict() for row in telling],
        "next_due_at": next_moment(targets, told + telling),
    }
    rows = [(TOLD, _row(document, told, finding, now)) for finding in found]
    return Changes(rows=rows) + announcing(judged, _events(document, told, found), now)


def _events(document: Document, told: list[Told], found: list[Finding]) -> list[object]:
    ticket = snapshot_of(document)
    agent, department = people_to_tell(document)
    steps_before = sum(row.threshold == BREACHED for row in told)
    events: list[object] = []
    breaches = 0
    for finding in found:
        if finding.threshold != BREACHED:
            events.append(SlaWarned(ticket, finding.target, finding.due_at, agent, department))
            continue
        breaches += 1
        events.append(SlaBreached(ticket, finding.target, finding.due_at, agent, department))
        if document["is_open"]:
            priority = raised(ticket.priority, breaches)
            reason = f"{finding.target} was due at {finding.due_at:%Y-%m-%d %H:%M:%S} UTC"
            step = steps_before + breaches
            events.append(TicketEscalated(ticket, finding.target, step, priority, reason, agent, department))
    return events


def _row(document: Document, told: list[Told], finding: Finding, now: datetime) -> Document:
    shown = document["shown"]
    times_before = sum(row[:2] == (finding.target, finding.threshold) for row in told)
    return {
        "_id": f"{document['_id']}:{finding.target}:{finding.threshold}:{times_before}",
        "ticket_id": document["_id"],
        "target": finding.target,
        "threshold": finding.threshold,
        "cycle": finding.cycle,
        "due_at": finding.due_at,
        "told_at": now,
        "known": {source: shown[source]["sequence"] for source in ("intake", "assignment") if source in shown},
    }
