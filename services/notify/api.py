"""Who was told what, what became of it, and what a person decides about a message that waits for one."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from flask import Blueprint, Response
from pymongo import DESCENDING
from pymongo.database import Database

from services.notify.delivery_repository import DELIVERIES
from services.notify.handlers import decide_delivery
from services.notify.schemas import ListQuery
from shared.http.application import Commands, Run, answer, principal, query
from shared.refusals import NotFound
from shared.store.documents import Changes, Document, Documents, Key


def blueprint(database: Database[Document], commands: Commands) -> Blueprint:
    routes = Blueprint("notifications", __name__, url_prefix="/v1/notifications")
    deliveries = database[DELIVERIES]

    @routes.get("")
    def listing() -> Response:
        """The newest first; `next_cursor` asks for those that follow."""
        asked = query(ListQuery())
        wanted: Document = {name: asked[name] for name in ("ticket_id", "state") if name in asked}
        if "cursor" in asked:
            wanted["_id"] = {"$lt": asked["cursor"]}
        without = {"letter.text": 0, "letter.html": 0}
        found = list(deliveries.find(wanted, without).sort("_id", DESCENDING).limit(asked["limit"] + 1))
        page = found[: asked["limit"]]
        next_cursor = page[-1]["_id"] if len(found) > len(page) else None
        return answer({"items": [_summary(d) for d in page], "next_cursor": next_cursor})

    @routes.get("/<delivery_id>")
    def one(delivery_id: str) -> Response:
        document = deliveries.find_one({"_id": delivery_id})
        if document is None:
            raise NotFound(f"There is no notification {delivery_id}.")
        return answer(_whole(document))

    @routes.post("/<delivery_id>/retry")
    def retry(delivery_id: str) -> Response:
        return _decide(decide_delivery.retry, delivery_id)

    @routes.post("/<delivery_id>/discard")
    def discard(delivery_id: str) -> Response:
        return _decide(decide_delivery.discard, delivery_id)

    def _decide(decision: Callable[..., Changes], delivery_id: str) -> Response:
        decided = partial(decision, delivery_id=delivery_id, by=principal().name)
        return commands.run(_summarised(decided), [Key(DELIVERIES, delivery_id)])

    return routes


def _summarised(decided: Run) -> Run:
    def summarised(documents: Documents, now: datetime) -> Changes:
        changes = decided(documents, now)
        return Changes(changes.documents, changes.rows, changes.events, _summary(changes.answer))

    return summarised


def _summary(document: Document) -> Document:
    letter = document["letter"]
    return {
        "id": document["_id"],
        "version": document["version"],
        "state": document["state"],
        "message": document["message"],
        "channel": document["channel"],
        "ticket_id": document["ticket_id"],
        "ticket_number": document["ticket_number"],
        "recipient": document["recipient"],
        "subject": letter["subject"],
        "mail_message_id": letter["message_id"],
        "created_at": document["created_at"],
        "next_try_at": document["due_at"] if document["state"] in ("pending", "unknown") else None,
        "attempts": document["attempts"],
        "certain": document["doubts"] == 0,
        "reason": document["reason"],
    }


def _whole(document: Document) -> Document:
    return {**_summary(document), "text": document["letter"]["text"], "html": document["letter"]["html"]}
