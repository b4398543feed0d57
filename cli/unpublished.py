"""The events that a service has stored and its relay has not noted as published yet; those that a queue refuses, too.

The relay notes its place about once a second (the lease's `published_at`), so under load the last second or two count
as unpublished although they are out.
"""

from datetime import datetime
from typing import Any

from pymongo.database import Database

from shared.identifiers import earliest_id
from shared.messaging.refused import REFUSED, oldest_refused
from shared.messaging.relay import OVERLAP
from shared.store.documents import Document
from shared.store.event_log import EVENT_LOG


def unpublished(database: Database[Document]) -> tuple[int, datetime | None]:
    """(how many, the time of the oldest)"""
    lease = database["leases"].find_one({"_id": "relay"}) or {}
    published_at = lease.get("published_at")
    wanted: dict[str, Any] = {}
    if published_at:
        wanted = {"_id": {"$gte": earliest_id(published_at - OVERLAP)}, "time": {"$gt": published_at}}
    found = list(
        database[EVENT_LOG].aggregate(
            [{"$match": wanted}, {"$group": {"_id": None, "count": {"$sum": 1}, "oldest": {"$min": "$time"}}}]
        )
    )
    count, times = (found[0]["count"], [found[0]["oldest"]]) if found else (0, [])
    if refused := oldest_refused(database):
        count += database[REFUSED].estimated_document_count()
        times.append(refused["time"])
    return count, min(times, default=None)
