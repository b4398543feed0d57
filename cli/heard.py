"""Which events have their hearers not had the effect of, though they are stored.

An event is heard once its id stands in the hearer's inbox, and accounted for while it is parked there. The inbox
forgets after 30 days, so only younger events can be asked about.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cli.batches import batches
from cli.desk import Desk
from cli.setup import QUEUES
from shared.identifiers import earliest_id
from shared.messaging.parking import PARKED
from shared.messaging.topology import EVENTS
from shared.store.documents import Document
from shared.store.event_log import EVENT_LOG
from shared.store.inbox import INBOX
from shared.worker import INBOX_DAYS

INBOXES = tuple(queue for queue in QUEUES if queue.exchange == EVENTS)
_FIELDS = {"type": 1, "subject": 1, "sequence": 1, "time": 1}


@dataclass(frozen=True)
class Unheard:
    """`row` of the event log of `source`, without its body; `queue` is the hearer's."""

    source: str
    row: Document
    queue: str


def remembered_since(now: datetime) -> datetime:
    """What happened later can be told from a repetition; an hour is left for the work itself."""
    return now - timedelta(days=INBOX_DAYS) + timedelta(hours=1)


def unheard(desk: Desk, source: str, wanted: dict[str, Any]) -> Iterator[Unheard]:
    """Of the events of one log that `wanted` (a query) finds."""
    for rows in batches(desk.databases[source][EVENT_LOG].find(wanted, _FIELDS).sort("_id", 1), 1000):
        for queue in INBOXES:
            bound = {row["_id"]: row for row in rows if row["type"] in queue.types}
            for name in bound.keys() - _accounted(desk, queue.name, bound):
                yield Unheard(source, bound[name], queue.name)


def unheard_since(desk: Desk, source: str, moment: datetime) -> Iterator[Unheard]:
    return unheard(desk, source, {"_id": {"$gte": earliest_id(moment)}})


def _accounted(desk: Desk, queue: str, ids: Collection[str]) -> set[str]:
    if not ids:
        return set()
    hearer = desk.databases[queue.partition(".")[0]]
    heard = {row["_id"] for row in hearer[INBOX].find({"_id": {"$in": list(ids)}}, {"_id": 1})}
    parked = hearer[PARKED].find({"queue": queue, "message_id": {"$in": list(ids)}}, {"message_id": 1})
    return heard | {row["message_id"] for row in parked}
