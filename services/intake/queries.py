"""The lists that people leaf through: served by an index, one page at a time, never counted, and of what the asker may
see alone."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from pymongo import DESCENDING
from pymongo.database import Database

from services.intake.domain.ticket import STATUSES
from services.intake.entries import ENTRIES
from services.intake.reach import within_reach
from services.intake.requester_repository import REQUESTERS
from services.intake.requester_view import PUBLIC_KINDS, READ, entry_for_requester, ticket_for_requester
from services.intake.ticket_repository import TICKETS
from services.intake.ticket_view import LISTED, listed, shown_entry
from services.intake.timeline import TIMELINE, merged
from shared.access.may import Principal
from shared.http.pages import page
from shared.refusals import Invalid, Reason
from shared.store.documents import Document
from shared.store.event_log import EVENT_LOG

MOST_HOPS = 1000
FIELD_OF = {
    "severity": "severity",
    "priority": "priority",
    "topic": "topic",
    "department": "shown.assignment.department.id",
    "assignee": "shown.assignment.assignee.id",
    "requester": "requester.id",
}
_REQUESTERS_FILTERS = {"status", "topic", "sort", "limit", "cursor"}


def list_tickets(database: Database[Document], who: Principal, asked: Mapping[str, Any]) -> Response:
    """Raises Invalid where a requester filters by what he may not read: the answer would tell him."""
    if who.kind == "requester":
        _refuse_hidden(asked)
    wanted: dict[str, Any] = {field: asked[name] for name, field in FIELD_OF.items() if name in asked}
    if "number" in asked:
        wanted["number"] = asked["number"]
    if "requester" in asked:
        known = database[REQUESTERS].find_one({"address": asked["requester"].lower()}, {"_id": 1})
        wanted["requester.id"] = known and known["_id"]
    wanted["status"] = {"$in": asked["status"].split(",") if "status" in asked else list(STATUSES)}
    if "overdue" in asked:
        wanted["shown.sla.is_overdue"] = True
    show, fields = (ticket_for_requester, READ) if who.kind == "requester" else (listed, LISTED)
    return page(
        database[TICKETS],
        wanted,
        asked,
        show,
        fields=fields,
        newest_first=asked["sort"] == "newest",
        within=within_reach(who),
    )


def list_entries(database: Database[Document], who: Principal, ticket_id: str, asked: Mapping[str, Any]) -> Response:
    wanted: dict[str, Any] = {"ticket_id": ticket_id}
    if who.kind == "requester":
        wanted["kind"] = {"$in": list(PUBLIC_KINDS)}
    show = entry_for_requester if who.kind == "requester" else shown_entry
    return page(database[ENTRIES], wanted, asked, show, newest_first=False, long_rows=True)


def read_timeline(database: Database[Document], ticket_id: str) -> list[dict[str, Any]]:
    """The last thousand hops of each kind, our own and those that we heard of."""
    own = database[EVENT_LOG].find({"subject": ticket_id}, {"body": 1}).sort("sequence", DESCENDING).limit(MOST_HOPS)
    heard = database[TIMELINE].find({"ticket_id": ticket_id}).sort("time", DESCENDING).limit(MOST_HOPS)
    return merged(own, heard)


def _refuse_hidden(asked: Mapping[str, Any]) -> None:
    hidden = sorted(asked.keys() - _REQUESTERS_FILTERS)
    if hidden:
        reasons = tuple(Reason(name, "is no filter of a requester's own tickets", "Leave it out.") for name in hidden)
        raise Invalid(f"Leave out {', '.join(hidden)}.", reasons)
