"""Brings one open clock to the next version of its plan.

What had been met or missed when that version came stays under the one that promised it: a plan can't change the past.
So everything before that moment must have been heard, and a clock goes through the versions one by one.
"""

from datetime import datetime

from services.sla.clock_repository import CLOCKS, targets_of
from services.sla.domain.judgement import is_missed, is_told
from services.sla.handlers.refold_clock import refold_clock
from services.sla.plan_repository import PLAN_VERSIONS, plan_of, version_id
from shared.store.documents import Changes, Documents


def recalculate_clock(ticket_id: str, moment: datetime, documents: Documents, now: datetime) -> Changes:
    """`moment`: everything before it has been heard."""
    document = documents.get(CLOCKS, ticket_id)
    if document is None or not document["is_open"]:
        return Changes()
    plan_id, version = document["plan_id"], document["plan_version"] + 1
    plan = documents.get(PLAN_VERSIONS, version_id(plan_id, version))
    if plan is None or plan["changed_at"] > moment:
        return Changes()
    rows = dict(document["targets"])
    for target in targets_of(document):
        is_past = is_missed(target, plan["changed_at"]) or is_told(target, document["told"])
        if target.state in ("running", "paused") and not is_past:
            rows[target.name] = {**rows[target.name], "plan_version": version}
    moved = {**document, "plan_version": version, "targets": rows}
    reason = f"plan {plan_id} changed to version {version}: {plan['reason']}"
    return refold_clock(moved, plan_of(plan), documents, now, reason)
