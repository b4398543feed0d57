"""What intake's database needs. A natural key is looked up only by a unique index. Every list of tickets names
its statuses, so that one index serves each filter in the order of age."""

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.intake.entries import ENTRIES
from services.intake.handlers.request_access import ACCESS_REQUESTS
from services.intake.mail.indexes import FILES_INDEXES
from services.intake.mail.indexes import INDEXES as MAIL_INDEXES
from services.intake.number_blocks import COUNTERS
from services.intake.queries import FIELD_OF
from services.intake.requester_repository import REQUESTERS
from services.intake.submissions.verdicts import SUBMISSIONS
from services.intake.ticket_repository import TICKETS
from services.intake.timeline import TIMELINE
from services.intake.topic_repository import TOPICS
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
        IndexModel(
            [("opened_by", ASCENDING), ("status", ASCENDING), ("_id", DESCENDING)],
            partialFilterExpression={"opened_by": {"$exists": True}},
        ),
    ],
    ENTRIES: [IndexModel([("ticket_id", ASCENDING), ("_id", ASCENDING)]), *FILES_INDEXES],
    REQUESTERS: [IndexModel([("address", ASCENDING)], unique=True)],
    TIMELINE: [IndexModel([("ticket_id", ASCENDING), ("time", ASCENDING)])],
    SUBMISSIONS: [],
    TOPICS: [],
    ACCESS_REQUESTS: [IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)],
    COUNTERS: [],
    **MAIL_INDEXES,
}
