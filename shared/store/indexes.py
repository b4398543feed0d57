"""Indexes as data: what every service's database needs, and how setup makes it so."""

from collections.abc import Mapping, Sequence

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from shared.store.documents import Document

Indexes = Mapping[str, Sequence[IndexModel]]

COMMON: Indexes = {
    "event_log": [IndexModel([("subject", ASCENDING), ("sequence", ASCENDING)], unique=True)],
    "inbox": [IndexModel([("at", ASCENDING)], expireAfterSeconds=30 * 24 * 3600)],
    "parked": [IndexModel([("next_try_at", ASCENDING)])],
    "idempotency": [IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)],
    "leases": [],
    "hearers": [IndexModel([("at", ASCENDING)], expireAfterSeconds=24 * 3600)],
    "api_keys": [],
    "api_key_uses": [],
    "agents": [],
    "roles": [],
}


def create(database: Database[Document], indexes: Indexes) -> None:
    """Makes collections and indexes that are missing: a transaction should find them all in place."""
    existing = set(database.list_collection_names())
    for collection, models in {**COMMON, **indexes}.items():
        if collection not in existing:
            database.create_collection(collection)
        if models:
            database[collection].create_indexes(list(models))
