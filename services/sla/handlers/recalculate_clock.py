"""Brings one clock to the next version of its plan.

What had been met or missed when that version came stays under the one that promised it: a plan can't change the past.
So everything before that moment must have been heard, what was heard of later moments doesn't count, and a clock goes
through the versions one by one.
"""

from datetime import datetime

from services.sla.clock_repository import CLOCKS, facts_of, promised, snapshot_of, targets_of, told_of
from services.sla.domain.clock import Target, fold
from services.sla.domain.judgement import is_missed, is_told
from services.sla.handlers.refold_clock import refold_clock
from services.sla.plan_repository import PLAN_VERSIONS, version_id
from shared.store.documents import Changes, Document, Documents


def recalculate_clock(ticket_id: str, moment: datetime, documents: Documents, now: datetime) -> Changes:
    """`moment`: everything before it has been heard."""
    document = documents.get(CLOCKS, ticket_id)
    if document is None:
        return Changes()
    plan_id, version = document["plan_id"], document["plan_version"] + 1
    plan = documents.get(PLAN_VERSIONS, version_id(plan_id, version))
    if plan is None or plan["changed_at"] > moment:
        return Changes()
    rows = dict(document["targets"])
    for target in targets_of(document):
        if _was_waited_for(target, document, documents, plan["changed_at"]):
            rows[target.name] = {**rows[target.name], "plan_version": version}
    moved = {**document, "plan_version": version, "targets": rows}
    reason = f"plan {plan_id} changed to version {version}: {plan['reason']}"
    return refold_clock(moved, documents, now, reason)


def _was_waited_for(target: Target, document: Document, documents: Documents, moment: datetime) -> bool:
    """Neither met nor missed by then."""
    facts = [fact for fact in facts_of(document) if fact.at <= moment]
    plans = promised(document, documents)
    clock = fold(snapshot_of(document).created_at, target.severity, facts, plans)
    [then] = [known for known in clock.targets if known.name == target.name]
    is_past = is_missed(then, moment) or is_told(then, told_of(document))
    return then.state in ("running", "paused") and not is_past
