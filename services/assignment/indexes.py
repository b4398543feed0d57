"""What the service's queries stand on. `waiting` serves both the kinds that wait and the most urgent of each."""

from pymongo import ASCENDING, IndexModel

from shared.store.indexes import Indexes

_UNTIL_IT_EXPIRES = IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)

INDEXES: Indexes = {
    "assignments": [
        IndexModel(
            [(name, ASCENDING) for name in ("state", "department_id", "needs", "rank", "created_at", "_id")],
            name="waiting",
            partialFilterExpression={"state": "waiting"},
        )
    ],
    "agents": [
        IndexModel([("departments", ASCENDING)]),
        IndexModel([("address", ASCENDING)], unique=True),
    ],
    "departments": [],
    "routes": [],
    "workloads": [],
    "requesters": [],
    "decisions": [IndexModel([("ticket_id", ASCENDING), ("_id", ASCENDING)])],
    "issued_keys": [],
    "accounts": [],
    "sessions": [_UNTIL_IT_EXPIRES],
    "attempts": [_UNTIL_IT_EXPIRES],
    "known_networks": [_UNTIL_IT_EXPIRES],
}
