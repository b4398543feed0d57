"""An event log to be published, and what has come of it at the broker."""

from datetime import datetime
from typing import Any

from pymongo.database import Database

from shared.identifiers import earliest_id
from shared.store.documents import Announcement, Cause, Document
from shared.store.event_log import EVENT_LOG, log_row
from tests.integration.core.events import ticket_created


def announced(database: Database[Document], *numbers: str, reply_to: str | None = None) -> list[str]:
    """The ids, in their order, of a ticket.created for each number."""
    events = [ticket_created(number) for number in numbers]
    rows = [
        log_row(Announcement(event.data, event.subject, 1, event.time, reply_to=reply_to), Cause("test"), "tally")
        for event in events
    ]
    database[EVENT_LOG].insert_many(rows)
    return sorted(row["_id"] for row in rows)


def announced_at(database: Database[Document], moment: datetime) -> str:
    """The id of an event of a host whose clock says `moment`."""
    [name] = announced(database, "1")
    row = database[EVENT_LOG].find_one_and_delete({"_id": name})
    database[EVENT_LOG].insert_one({**(row or {}), "_id": earliest_id(moment), "time": moment})
    return earliest_id(moment)


def arrived(channel: Any, queue: str, into: list[str]) -> list[str]:
    """`into` with the ids of what has come into the queue since."""
    while True:
        _, properties, _ = channel.basic_get(queue, auto_ack=True)
        if properties is None:
            return into
        into.append(properties.message_id)
