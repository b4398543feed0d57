"""What intake's database needs. A natural key is looked up only by a unique index. Every list of tickets names
its statuses, so that one index serves each filter in the order of age."""

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.intake.acting import AGENTS
from services.intake.entries import ENTRIES
from services.intake.mail.indexes import INDEXES as MAIL_INDEXES
from services.intake.number_blocks import COUNTERS
from services.intake.queries import FIELD_OF
from services.intake.requester_repository import REQUESTERS
from services.intake.ticket_repository import TICKETS
from services.intake.timeline import TIMELINE
from services.intake.topic_repository import TOPICS
from services.intake.verdicts import SUBMISSIONS
from shared.store.indexes import Indexes

INDEXES: Indexes = {
    TICKETS: [
        IndexModel([("number", ASCENDING)], unique=True),
        IndexModel([("external_key", ASCENDING)], unique=True, sparse=True),
        IndexModel([("status", ASCENDING), ("_id", DESCENDING)]),
        *(IndexModel([(field, ASCENDING), ("status", ASCENDING), ("_id", DESCENDING)]) for field in FIELD_OF.values()),
        IndexModel(
            [("shown.sla.is_overdue", ASCENDING), ("status", ASCENDING), ("_id", DESCENDING)],
            partialFilterExpression={"shown.sla.is_overdue": True},
        ),
    ],
    ENTRIES: [IndexModel([("ticket_id", ASCENDING), ("_id", ASCENDING)])],
    REQUESTERS: [IndexModel([("address", ASCENDING)], unique=True)],
    TIMELINE: [IndexModel([("ticket_id", ASCENDING), ("time", ASCENDING)])],
    SUBMISSIONS: [],
    TOPICS: [],
    AGENTS: [],
    COUNTERS: [],
    **MAIL_INDEXES,
}
