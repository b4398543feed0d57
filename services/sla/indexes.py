"""What sla's database is asked for: what is due next, the open clocks of an older plan, a ticket's told thresholds."""

from pymongo import ASCENDING, IndexModel

from services.sla.clock_repository import CLOCKS, TOLD
from services.sla.plan_repository import PLAN_VERSIONS, PLANS
from services.sla.schedule_repository import SCHEDULE_VERSIONS, SCHEDULES
from shared.store.indexes import Indexes

_VERSIONS = IndexModel([("definition.id", ASCENDING), ("version", ASCENDING)], unique=True)

INDEXES: Indexes = {
    CLOCKS: [
        IndexModel([("next_due_at", ASCENDING)], partialFilterExpression={"next_due_at": {"$type": "date"}}),
        IndexModel([("plan_id", ASCENDING), ("plan_version", ASCENDING)], partialFilterExpression={"is_open": True}),
    ],
    TOLD: [IndexModel([("ticket_id", ASCENDING), ("told_at", ASCENDING)])],
    PLANS: [],
    PLAN_VERSIONS: [_VERSIONS],
    SCHEDULES: [],
    SCHEDULE_VERSIONS: [_VERSIONS],
}
