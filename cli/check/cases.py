"""Everything that the services know about one ticket, side by side."""

import heapq
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from cli.batches import batches
from cli.check.finding import Track, among
from cli.desk import Desk
from cli.heard import INBOXES
from services.assignment.assignment_repository import ASSIGNMENTS
from services.intake.ticket_repository import TICKETS
from services.sla.clock_repository import CLOCKS
from shared.events.catalogue import PUBLISHERS
from shared.store.documents import Document
from shared.store.event_log import EVENT_LOG

HELD_IN = {"intake": TICKETS, "assignment": ASSIGNMENTS, "sla": CLOCKS}
_TOLD_BUT_NOT_SHOWN = {("intake", "sla"): {"sla.warned", "ticket.escalated"}}


def _shown_types() -> dict[tuple[str, str], list[str]]:
    """By (who shows, whose word): the types after which the document has the word's sequence."""
    found = {}
    for holder in HELD_IN:
        bound = {name for queue in INBOXES if queue.name == f"{holder}.inbox" for name in queue.types}
        for source in HELD_IN:
            types = bound & PUBLISHERS[source].keys() - _TOLD_BUT_NOT_SHOWN.get((holder, source), set())
            if source != holder:
                found[holder, source] = sorted(types)
    return found


SHOWN_TYPES = _shown_types()


@dataclass(frozen=True)
class Case:
    """`documents` and `announced` by service; `said` by (who should show it, whose word): the last sequence."""

    ticket_id: str
    documents: dict[str, Document]
    announced: dict[str, int]
    said: dict[tuple[str, str], int]

    @property
    def name(self) -> str:
        ticket = self.documents.get("intake")
        return f"ticket {ticket['number']}" if ticket else f"ticket {self.ticket_id}"


def cases(desk: Desk, only: Collection[str] | None, track: Track) -> Iterator[Case]:
    collections = {service: desk.databases[service][name] for service, name in HELD_IN.items()}
    total = collections["intake"].estimated_document_count() if only is None else len(only)
    ids = [collection.find(among(only), {"_id": 1}).sort("_id", 1) for collection in collections.values()]
    once = (name for name, _ in groupby(row["_id"] for row in heapq.merge(*ids, key=lambda row: row["_id"])))
    for names in batches(track(once, total)):
        found = {s: {d["_id"]: d for d in c.find({"_id": {"$in": names}})} for s, c in collections.items()}
        announced = {service: _last(desk, service, names) for service in HELD_IN}
        said = {pair: _last(desk, pair[1], names, types) for pair, types in SHOWN_TYPES.items()}
        for name in names:
            yield Case(
                name,
                {service: documents[name] for service, documents in found.items() if name in documents},
                {service: last.get(name, 0) for service, last in announced.items()},
                {pair: last.get(name, 0) for pair, last in said.items()},
            )


def _last(desk: Desk, source: str, subjects: list[str], types: list[str] | None = None) -> dict[str, int]:
    wanted: dict[str, Any] = {"subject": {"$in": subjects}}
    if types is not None:
        wanted["type"] = {"$in": types}
    group = {"$group": {"_id": "$subject", "last": {"$max": "$sequence"}}}
    return {row["_id"]: row["last"] for row in desk.databases[source][EVENT_LOG].aggregate([{"$match": wanted}, group])}
