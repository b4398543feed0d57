"""What notify's database is asked for: what is due, what was tried in vain, a ticket's messages, those in one state."""

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.notify.delivery_repository import DELIVERIES, TRIED_AGAIN
from shared.store.indexes import Indexes

INDEXES: Indexes = {
    DELIVERIES: [
        IndexModel([("due_at", ASCENDING)], partialFilterExpression={"due_at": {"$type": "date"}}),
        IndexModel([("tried_since", ASCENDING)], partialFilterExpression=TRIED_AGAIN),
        IndexModel([("ticket_id", ASCENDING), ("_id", DESCENDING)]),
        IndexModel([("state", ASCENDING), ("_id", DESCENDING)]),
    ],
}
