"""Brings one clock to the next version of its plan.

What had been met or missed when that version came stays under the one that promised it: a plan can't change the past.
So everything before that moment must have been heard, what was heard of later moments doesn't count, and a clock goes
through the versions one by one.
"""

from datetime import datetime

from services.sla.clock_repository import CLOCKS, facts_of, promised, snapshot_of, targets_of, told_of
from services.sla.domain.clock import fold
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
    rows = document["targets"]
    moving = {name: {**rows[name], "plan_version": version} for name in _waited_for(document, documents, plan)}
    moved = {**document, "plan_version": version, "targets": {**rows, **moving}}
    reason = f"plan {plan_id} changed to version {version}: {plan['reason']}"
    return refold_clock(moved, documents, now, reason)


def _waited_for(document: Document, documents: Documents, plan: Document) -> list[str]:
    """The targets that were neither met nor missed when this version came."""
    moment, created_at = plan["changed_at"], snapshot_of(document).created_at
    plans, told = promised(document, documents), told_of(document)
    facts = [fact for fact in facts_of(document) if fact.at <= moment]
    found = []
    for place, target in enumerate(targets_of(document)):
        then = fold(created_at, target.severity, facts, plans).targets[place]
        if then.state in ("running", "paused") and not is_missed(then, moment) and not is_told(then, told):
            found.append(target.name)
    return found
