"""Plans as documents. `plans` has the current version of each, `plan_versions` every one there was.

A version carries its schedules whole, so that it says the same for ever. Reading one is remembered by its text: plans
change seldom and are read thousands of times a second.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson
from pymongo.database import Database

from services.sla.domain.plan import Plan, Promise
from services.sla.schedule_repository import schedule_from
from shared.store.documents import Document, Documents

PLANS = "plans"
PLAN_VERSIONS = "plan_versions"
STANDARD = "standard"


def version_id(plan_id: str, version: int) -> str:
    return f"{plan_id}:{version}"


def plan_of(document: Document) -> Plan:
    """Of a document in `plans` or `plan_versions`."""
    return _read(orjson.dumps(document["definition"]))


def version_of(plan_id: str, version: int, documents: Documents) -> Document:
    current = documents.get(PLANS, plan_id)
    if current is not None and current["version"] == version:
        return current
    name = version_id(plan_id, version)
    document = documents.get(PLAN_VERSIONS, name)
    if document is None:
        raise LookupError(f"plan version {name} is missing")
    return document


def version_in_force(plan_id: str, moment: datetime, documents: Documents) -> int:
    """Of the plan by which was promised then; the first, before there was any."""
    document = documents.get(PLANS, plan_id)
    if document is None:
        raise LookupError(f"the plan {plan_id} is missing: relaydesk setup makes it")
    while document["changed_at"] > moment and document["version"] > 1:
        document = version_of(plan_id, document["version"] - 1, documents)
    return int(document["version"])


def plans_by(schedule_id: str, database: Database[Document], documents: Documents) -> list[Document]:
    """The plans that count by a schedule, also those that the batch has just made so."""
    found = documents.see(PLANS, list(database[PLANS].find({"schedule_ids": schedule_id})))
    known = {plan["_id"]: plan for plan in [*found, *documents.changed(PLANS)]}
    return [plan for plan in known.values() if schedule_id in plan["schedule_ids"]]


@lru_cache(maxsize=256)
def _read(text: bytes) -> Plan:
    definition: dict[str, Any] = orjson.loads(text)
    schedules = {name: schedule_from(schedule) for name, schedule in definition["schedules"].items()}
    promises = {}
    for severity, targets in definition["targets"].items():
        for target, promised in targets.items():
            within = timedelta(seconds=promised["seconds"])
            warn_after = timedelta(milliseconds=round(promised["seconds"] * 1000 * definition["warn_at"]))
            promises[severity, target] = Promise(within, warn_after, schedules[promised["schedule"]])
    return Plan(definition["id"], definition["version"], definition["name"], promises)
