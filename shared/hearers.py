"""The processes that take from the same queues, each with the moment up to which it has heard everything.

What waits for one of them is in no count of the broker's, but the broker says how many they are. So while they are
several, each writes down how far it is, and the least counts. One that is frozen holds the others' judgement back,
until the broker misses it too.

One that is killed, stopped or cut off gives back what it had, older than what the others have heard by then. So when
somebody comes or goes, no more counts than before, until each that is there has heard all there was.
"""

from datetime import UTC, datetime

from pymongo import DESCENDING
from pymongo.database import Database

from shared.messaging.consumer import Look
from shared.store.documents import Document

HEARERS = "hearers"


class Hearers:
    def __init__(self, database: Database[Document], own: str) -> None:
        self._rows = database[HEARERS]
        self._own = own
        self._present: tuple[int, datetime] | None = None  # how many, and when the last of them came
        self._changed_at = datetime.min.replace(tzinfo=UTC)
        self._is_settled = False  # whether all has been heard once since then
        self._known: datetime | None = None

    def all_heard_until(self, own: datetime | None, look: Look) -> datetime | None:
        """None as long as it isn't known of each of them."""
        others = self._of_others(look.consumers - 1)
        self._notice(look, others)
        if own is not None and not self._is_settled:
            own = self._known and min(own, self._known)
        if own is None:
            return None
        if look.consumers > 1:
            row = {"until": own, "since": look.since, "at": look.at}
            self._rows.update_one({"_id": self._own}, {"$set": row}, upsert=True)
        if len(others) < look.consumers - 1 or any(row["at"] < self._changed_at for row in others):
            return None
        self._known = min([own, *(row["until"] for row in others)])
        return self._known

    def _of_others(self, count: int) -> list[Document]:
        if not count:
            return []
        return list(self._rows.find({"_id": {"$ne": self._own}}).sort("at", DESCENDING).limit(count))

    def _notice(self, look: Look, others: list[Document]) -> None:
        present = (look.consumers, max([look.since, *(row["since"] for row in others)]))
        if present != self._present:
            self._present, self._changed_at, self._is_settled = present, look.at, False
        self._is_settled = self._is_settled or look.is_drained
