"""Who was told what, what became of it, and what a person decides about a message that waits for one."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from flask import Response
from pymongo.database import Database

from services.notify.delivery_repository import DELIVERIES
from services.notify.handlers import decide_delivery
from services.notify.schemas import ListQuerySchema, NotificationSchema, WholeNotificationSchema
from shared.http.answers import answer
from shared.http.commands import Commands, Run
from shared.http.contract import ETAG, Routes
from shared.http.door import principal
from shared.http.pages import LINK, page, page_of
from shared.http.versions import at_version, expected_version
from shared.refusals import NotFound
from shared.store.documents import Changes, Document, Documents, Key

_ONE = "/<string(maxlength=300):delivery_id>"


def notification_routes(database: Database[Document], commands: Commands) -> Routes:
    routes = Routes(
        "notifications", __name__, url_prefix="/v1/notifications", description="What became of each message."
    )
    deliveries = database[DELIVERIES]

    @routes.get("")
    @routes.needs("notification.view")
    @routes.arguments(ListQuerySchema, location="query")
    @routes.response(200, page_of(NotificationSchema), headers=LINK)
    def listing(asked: dict[str, Any]) -> Response:
        """All notifications, the newest first."""
        wanted: Document = {"state": asked["state"]} if "state" in asked else {}
        if "ticket_id" in asked:
            wanted["ticket_id"] = str(asked["ticket_id"])
        return page(deliveries, wanted, asked, _summary, fields={"letter.text": 0, "letter.html": 0})

    @routes.get(_ONE)
    @routes.needs("notification.view")
    @routes.response(200, WholeNotificationSchema, headers=ETAG)
    @routes.refuses(404)
    def one(delivery_id: str) -> Response:
        """One notification with its text, in which a link that lets its reader in is left without its signature."""
        document = deliveries.find_one({"_id": delivery_id})
        if document is None:
            raise NotFound("There is no notification with this id.")
        return answer(_whole(document))

    @routes.post(_ONE + "/retry")
    @routes.needs("notification.manage")
    @routes.idempotent
    @routes.versioned(is_required=False)
    @routes.response(200, NotificationSchema, headers=ETAG)
    @routes.refuses(404, 409)
    def retry(delivery_id: str) -> Response:
        """Send a failed or held message again."""
        return decide(decide_delivery.retry, delivery_id)

    @routes.post(_ONE + "/discard")
    @routes.needs("notification.manage")
    @routes.idempotent
    @routes.versioned(is_required=False)
    @routes.response(200, NotificationSchema, headers=ETAG)
    @routes.refuses(404, 409)
    def discard(delivery_id: str) -> Response:
        """Let a message be that is pending, failed or held."""
        return decide(decide_delivery.discard, delivery_id)

    def decide(decision: Callable[..., Changes], delivery_id: str) -> Response:
        decided = _summarised(partial(decision, delivery_id=delivery_id, by=principal().name))
        key = Key(DELIVERIES, delivery_id)
        return commands.run(at_version(expected_version(is_required=False), key, decided), [key])

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
