"""A schedule gets a new version, and with it every plan that counts by it."""

from collections.abc import Sequence
from datetime import datetime

from services.sla.handlers.change_plan import new_version
from services.sla.schedule_repository import SCHEDULE_VERSIONS, SCHEDULES
from shared.store.documents import Changes, Document, Documents


def change_schedule(
    schedule_id: str,
    described: Document,
    reason: str,
    by: str,
    plans: Sequence[Document],
    documents: Documents,
    now: datetime,
) -> Changes:
    """`described`: name, zone, weekly, holidays. `plans`: those that use the schedule."""
    known = documents.get(SCHEDULES, schedule_id)
    version = (known["version"] if known else 0) + 1
    definition = {"id": schedule_id, "version": version, **described}
    kept = {"version": version, "definition": definition, "reason": reason, "changed_at": now, "changed_by": by}
    changes = Changes(
        documents=[(SCHEDULES, {"_id": schedule_id, **kept})],
        rows=[(SCHEDULE_VERSIONS, {"_id": f"{schedule_id}:{version}", **kept})],
        answer=kept,
    )
    for plan in plans:
        old = plan["definition"]
        renewed = {**old, "schedules": {**old["schedules"], schedule_id: definition}}
        changes += new_version(plan, renewed, f"schedule {schedule_id} changed: {reason}", by, now)
    return changes
