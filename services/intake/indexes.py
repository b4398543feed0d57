"""What intake's database needs. A natural key is looked up only by a unique index. Every list of tickets names
its statuses, so that one index serves each filter in the order of age."""

from typing import Any

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


def _in_the_order_of_age(field: str, only_where: Any = None) -> IndexModel:
    """`only_where`: a ticket that does not have this yet costs the index nothing."""
    partial = {} if only_where is None else {"partialFilterExpression": {field: only_where}}
    return IndexModel([(field, ASCENDING), ("status", ASCENDING), ("_id", DESCENDING)], **partial)


_IS_THERE = {"$exists": True}

INDEXES: Indexes = {
    TICKETS: [
        IndexModel([("number", ASCENDING)], unique=True),
        IndexModel([("external_key", ASCENDING)], unique=True, sparse=True),
        IndexModel([("first_of", ASCENDING)], unique=True, sparse=True),
        IndexModel([("status", ASCENDING), ("_id", DESCENDING)]),
        *(_in_the_order_of_age(f, _IS_THERE if f.startswith("shown.") else None) for f in FIELD_OF.values()),
        _in_the_order_of_age("shown.sla.is_overdue", only_where=True),
        _in_the_order_of_age("opened_by", only_where=_IS_THERE),
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
