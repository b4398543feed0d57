"""Brings one open clock to the current version of its plan.

What has been met or missed stays under the version that promised it: a plan can't change the past.
"""

from datetime import datetime

from services.sla.clock_repository import CLOCKS, targets_of
from services.sla.domain.judgement import is_missed, is_told
from services.sla.handlers.refold_clock import refold_clock
from services.sla.plan_repository import PLANS, plan_of
from shared.store.documents import Changes, Documents


def recalculate_clock(ticket_id: str, documents: Documents, now: datetime) -> Changes:
    document = documents.get(CLOCKS, ticket_id)
    if document is None or not document["is_open"]:
        return Changes()
    current = documents.get(PLANS, document["plan_id"])
    if current is None or document["plan_version"] >= current["version"]:
        return Changes()
    rows = dict(document["targets"])
    for target in targets_of(document):
        is_past = is_missed(target, now) or is_told(target, document["told"])
        if target.state in ("running", "paused") and not is_past:
            rows[target.name] = {**rows[target.name], "plan_version": current["version"]}
    moved = {**document, "plan_version": current["version"], "targets": rows}
    reason = f"plan {current['_id']} changed to version {current['version']}: {current['reason']}"
    return refold_clock(moved, plan_of(current), documents, now, reason)
