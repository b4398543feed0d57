"""Events that the broker has refused: a queue that is to hear them is full, and rejects. All other queues have them.

They are written down, so that the log goes on without them, and published again in rounds until no queue refuses them.
Hearers drop what they have seen.
"""

import logging
import math
import time
from collections.abc import Callable

from pymongo import UpdateOne
from pymongo.database import Database

from shared import logs
from shared.messaging.publisher import Message, Publisher
from shared.messaging.topology import EVENTS
from shared.moments import utc_now
from shared.store.documents import Document
from shared.store.event_log import EVENT_LOG

REFUSED = "refused"
TOGETHER = 100
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
_log = logging.getLogger(__name__)


def oldest_refused(database: Database[Document]) -> Document | None:
    """The event's id, `type` and `time`."""
    row = database[REFUSED].find_one({}, sort=[("_id", 1)])
    return database[EVENT_LOG].find_one({"_id": row["_id"]}, {"type": 1, "time": 1}) if row else None


class Refused:
    """During one opening of the publisher. `hand_over` publishes, however long that takes, and returns the count."""

    def __init__(
        self, database: Database[Document], publisher: Publisher, opening: int, hand_over: Callable[[Message], int]
    ) -> None:
        self._rows = database[REFUSED]
        self._log = database[EVENT_LOG]
        self._publisher = publisher
        self._opening = opening
        self._hand_over = hand_over
        self._round: list[str] = []
        self._again: set[str] = set()  # of the round, what was refused again
        self._until: float | None = None  # what the publisher will have confirmed at the round's end
        self._pause = FIRST_PAUSE
        self._due_at = 0.0  # by the monotonic clock; never while there are none

    def see_to(self) -> None:
        """To be called again and again."""
        self.write_down()
        if self._until is not None:
            if self._publisher.confirmed >= self._until:
                self._end_round()
        elif time.monotonic() >= self._due_at:
            self._begin_round()

    def write_down(self) -> None:
        """What was refused by now. From then on it holds back the publisher's `confirmed` no longer."""
        refused = self._publisher.refused(self._opening)
        if not refused:
            return
        ids = [message.id for message in refused.values()]
        written = {"$setOnInsert": {"since": utc_now()}}
        self._rows.bulk_write([UpdateOne({"_id": name}, written, upsert=True) for name in ids])
        self._publisher.take_back(refused, self._opening)
        self._again.update(name for name in ids if name in self._round)
        if math.isinf(self._due_at):
            self._due_at = time.monotonic() + self._pause

    def _begin_round(self) -> None:
        """Goes through all of them in turn, so that one that stays refused keeps no other waiting."""
        after = self._round[-1] if self._round else ""
        self._round = [row["_id"] for row in self._rows.find({"_id": {"$gt": after}}).sort("_id", 1).limit(TOGETHER)]
        self._again.clear()
        if not self._round:
            self._due_at = time.monotonic() if after else math.inf
            return
        self._until = math.inf  # while they are handed over
        until = 0
        for row in self._log.find({"_id": {"$in": self._round}}, {"type": 1, "body": 1}):
            until = self._hand_over(Message(row["_id"], EVENTS, row["type"], row["body"]))
        self._until = until

    def _end_round(self) -> None:
        self._until = None
        again = self._again
        self._rows.delete_many({"_id": {"$in": [name for name in self._round if name not in again]}})
        self._pause = min(LONGEST_PAUSE, 2 * self._pause) if again else FIRST_PAUSE
        self._due_at = time.monotonic() + (self._pause if again else 0.0)
        if again:
            with logs.about(event=min(again)):
                _log.warning("relay: %d events are refused again: a queue that is to hear them is full", len(again))
