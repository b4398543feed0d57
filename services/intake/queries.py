"""The lists that people leaf through: served by an index, one page at a time, never counted."""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from services.intake.domain.ticket import STATUSES
from services.intake.entries import ENTRIES
from services.intake.ticket_repository import TICKETS
from services.intake.ticket_view import LISTED, listed
from services.intake.timeline import TIMELINE, merged
from shared.refusals import Invalid, Reason
from shared.store.documents import Document
from shared.store.unit_of_work import EVENT_LOG

MOST_HOPS = 1000
FIELD_OF = {
    "severity": "severity",
    "priority": "priority",
    "topic": "topic",
    "department": "shown.assignment.department.id",
    "assignee": "shown.assignment.assignee.id",
    "requester": "requester.address",
}

Page = dict[str, Any]


def page(
    collection: Any,
    wanted: Mapping[str, Any],
    asked: Mapping[str, Any],
    show: Callable[[Document], Any],
    *,
    fields: Mapping[str, int] | None = None,
    newest_first: bool = True,
) -> Page:
    """`asked`: `limit` and `cursor`, which is the last id of the page before, opaque to the caller."""
    query = dict(wanted)
    if asked["cursor"] is not None:
        query["_id"] = {"$lt" if newest_first else "$gt": _id_of(asked["cursor"])}
    order = DESCENDING if newest_first else ASCENDING
    found = list(collection.find(query, fields).sort("_id", order).limit(asked["limit"] + 1))
    rows = found[: asked["limit"]]
    more = len(found) > len(rows)
    return {"data": [show(row) for row in rows], "next": _cursor(rows[-1]["_id"]) if more else None}


def list_tickets(database: Database[Document], asked: Mapping[str, Any]) -> Page:
    wanted: dict[str, Any] = {field: asked[name] for name, field in FIELD_OF.items() if name in asked}
    if "requester" in asked:
        wanted["requester.address"] = asked["requester"].lower()
    wanted["status"] = {"$in": asked["status"].split(",") if "status" in asked else list(STATUSES)}
    if "overdue" in asked:
        wanted["shown.sla.is_overdue"] = True
    newest_first = asked["sort"] == "newest"
    return page(database[TICKETS], wanted, asked, listed, fields=LISTED, newest_first=newest_first)


def list_entries(database: Database[Document], ticket_id: str, asked: Mapping[str, Any]) -> Page:
    return page(database[ENTRIES], {"ticket_id": ticket_id}, asked, _entry, newest_first=False)


def read_timeline(database: Database[Document], ticket_id: str) -> list[dict[str, Any]]:
    """The last thousand hops of each kind, our own and those that we heard of."""
    own = database[EVENT_LOG].find({"subject": ticket_id}, {"body": 1}).sort("sequence", DESCENDING).limit(MOST_HOPS)
    heard = database[TIMELINE].find({"ticket_id": ticket_id}).sort("time", DESCENDING).limit(MOST_HOPS)
    return merged(own, heard)


def _entry(document: Document) -> dict[str, Any]:
    same = {name: document[name] for name in ("kind", "author", "text", "at", "attachments")}
    return {"id": document["_id"], **same, "raw_mail_id": document.get("raw_mail_id")}


def _cursor(last_id: str) -> str:
    return base64.urlsafe_b64encode(UUID(last_id).bytes).decode().rstrip("=")


def _id_of(cursor: str) -> str:
    try:
        return str(UUID(bytes=base64.b64decode(cursor + "==", altchars=b"-_", validate=True)))
    except (ValueError, binascii.Error) as error:
        reason = Reason("cursor", "must be the `next` of an earlier page", "Leave it out for the first page.")
        raise Invalid("This cursor is not one of ours.", (reason,)) from error
