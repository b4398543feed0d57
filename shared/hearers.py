"""The processes that take from the same queues, each with the moment up to which it has heard everything.

What waits for one of them is in no count of the broker's, but the broker says how many they are. So while they are
several, each writes down how far it is, and the least counts. One that was killed is not counted any more, and what it
had comes again. One that is frozen holds the others' judgement back, until the broker misses it too.
"""

from datetime import datetime

from pymongo import DESCENDING
from pymongo.database import Database

from shared.messaging.consumer import Look
from shared.moments import utc_now
from shared.store.documents import Document

HEARERS = "hearers"


class Hearers:
    def __init__(self, database: Database[Document], own: str) -> None:
        self._rows = database[HEARERS]
        self._own = own

    def all_heard_until(self, own: datetime | None, look: Look) -> datetime | None:
        """None as long as it isn't known of each of them."""
        if look.consumers == 1 or own is None:
            return own
        row = {"until": own, "since": look.since, "at": utc_now()}
        self._rows.update_one({"_id": self._own}, {"$set": row}, upsert=True)
        rows: list[Document] = list(self._rows.find().sort("at", DESCENDING).limit(look.consumers))
        # Who has come or lost its connection since may hold what another has given back.
        if len(rows) < look.consumers or min(row["at"] for row in rows) < max(row["since"] for row in rows):
            return None
        least: datetime = min(row["until"] for row in rows)
        return least
