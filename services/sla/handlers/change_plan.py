"""A plan gets a new version; a loop brings the open clocks to it afterwards."""

from datetime import datetime

from services.sla.plan_repository import PLAN_VERSIONS, PLANS, version_id
from services.sla.schedule_repository import SCHEDULES
from shared.events.sla import PlanChanged
from shared.refusals import Invalid, Reason
from shared.store.documents import Announcement, Changes, Document, Documents


def change_plan(
    plan_id: str, described: Document, reason: str, by: str, documents: Documents, now: datetime
) -> Changes:
    """`described`: name, warn_at, targets. Raises Invalid, naming each target whose schedule is not known."""
    schedules: dict[str, Document] = {}
    unknown = []
    for severity, targets in described["targets"].items():
        for target, promised in targets.items():
            schedule = documents.get(SCHEDULES, promised["schedule"])
            if schedule is None:
                field = f"targets.{severity}.{target}.schedule"
                unknown.append(Reason(field, "must be a known schedule", "See /v1/schedules, or make it first."))
            else:
                schedules[schedule["_id"]] = schedule
    if unknown:
        raise Invalid("The plan names a schedule that does not exist.", tuple(unknown))
    definition = {**described, "schedules": {name: row["definition"] for name, row in schedules.items()}}
    changes = new_version(documents.get(PLANS, plan_id) or {"_id": plan_id, "version": 0}, definition, reason, by, now)
    # The schedules are written as they are: somebody who changes one at this moment will find its revision moved.
    return Changes(documents=[(SCHEDULES, row) for row in schedules.values()]) + changes


def new_version(known: Document, definition: Document, reason: str, by: str, now: datetime) -> Changes:
    plan_id, version = known["_id"], known["version"] + 1
    kept = {
        "version": version,
        "definition": {**definition, "id": plan_id, "version": version},
        "schedule_ids": sorted(definition["schedules"]),
        "reason": reason,
        "changed_at": max(now, known.get("changed_at", now)),
        "changed_by": by,
    }
    return Changes(
        documents=[
            (PLANS, {"_id": plan_id, **kept}),
            (PLAN_VERSIONS, {"_id": version_id(plan_id, version), **kept}),
        ],
        events=[
            Announcement(
                PlanChanged(plan_id, version, definition["name"], reason), plan_id, version, kept["changed_at"]
            )
        ],
        answer=kept,
    )
