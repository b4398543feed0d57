"""What notify's database is asked for: what is due, one ticket's messages, those in one state."""

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.notify.delivery_repository import DELIVERIES
from shared.store.indexes import Indexes

INDEXES: Indexes = {
    DELIVERIES: [
        IndexModel([("due_at", ASCENDING)], partialFilterExpression={"due_at": {"$type": "date"}}),
        IndexModel([("ticket_id", ASCENDING), ("_id", DESCENDING)]),
        IndexModel([("state", ASCENDING), ("_id", DESCENDING)]),
    ],
}
