"""Which events of the four logs are meant, in the order in which they were made."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cli.desk import Desk
from services.notify.delivery_repository import DELIVERIES
from shared.identifiers import earliest_id
from shared.store.documents import Document
from shared.store.event_log import EVENT_LOG


@dataclass(frozen=True)
class Wanted:
    """Everything that is None or empty means no restriction; `after` is an event's id."""

    since: datetime | None = None
    ticket_id: str | None = None
    types: Sequence[str] = ()
    after: str | None = None


def count(desk: Desk, wanted: Wanted) -> int:
    query = _query(desk, wanted)
    return sum(database[EVENT_LOG].count_documents(query) for database in desk.databases.values())


def rows(desk: Desk, wanted: Wanted) -> Iterator[Document]:
    """Rows of all logs, merged by id."""
    query = _query(desk, wanted)
    logs = [database[EVENT_LOG].find(query).sort("_id", 1) for database in desk.databases.values()]
    return heapq.merge(*logs, key=lambda row: row["_id"])


def _query(desk: Desk, wanted: Wanted) -> dict[str, Any]:
    query: dict[str, Any] = {}
    if wanted.since:
        query["_id"] = {"$gte": earliest_id(wanted.since)}
        query["time"] = {"$gte": wanted.since}
    if wanted.after:
        query["_id"] = {**query.get("_id", {}), "$gt": wanted.after}
    if wanted.types:
        query["type"] = {"$in": list(wanted.types)}
    if wanted.ticket_id:
        query["subject"] = {"$in": _subjects(desk, wanted.ticket_id)}
    return query


def _subjects(desk: Desk, ticket_id: str) -> list[str]:
    """Three services speak about the ticket, notify about each of its deliveries."""
    deliveries = desk.databases["notify"][DELIVERIES].find({"ticket_id": ticket_id}, {"_id": 1})
    return [ticket_id, *(row["_id"] for row in deliveries)]
