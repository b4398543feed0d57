"""A delivery as a document of the collection `deliveries`."""

from datetime import datetime

from services.notify.domain.delivery import Delivery, Letter
from services.notify.domain.rules import Recipient
from shared.access.signed_link import Link
from shared.store.documents import Document

DELIVERIES = "deliveries"
TRIED_AGAIN: Document = {"due_at": {"$type": "date"}, "attempts": {"$gt": 1}}


def due_before(moment: datetime) -> Document:
    """Names the type as the partial index does: without that, MongoDB walks through all that was ever sent."""
    return {"due_at": {"$lt": moment, "$type": "date"}}


def tried_in_vain_before(moment: datetime) -> Document:
    """Under way, tried more than once, for the first time before `moment`. Names what the partial index names."""
    return {"tried_since": {"$lt": moment}, **TRIED_AGAIN}


def to_document(delivery: Delivery) -> Document:
    recipient, letter = delivery.recipient, delivery.letter
    return {
        "_id": delivery.id,
        "version": delivery.version,
        "state": delivery.state,
        "due_at": delivery.due_at,
        "lease": delivery.lease,
        "attempts": delivery.attempts,
        "doubts": delivery.doubts,
        "reason": delivery.reason,
        "message": delivery.message,
        "channel": delivery.channel,
        "ticket_id": delivery.ticket_id,
        "ticket_number": delivery.ticket_number,
        "recipient": {"id": recipient.id, "name": recipient.name, "address": recipient.address},
        "letter": {
            "subject": letter.subject,
            "text": letter.text,
            "html": letter.html,
            "message_id": letter.message_id,
            "in_reply_to": letter.in_reply_to,
            "references": list(letter.references),
            "auto_submitted": letter.auto_submitted,
            "link": letter.link and dict(vars(letter.link)),
            "link_mark": letter.link_mark,
        },
        "event_id": delivery.event_id,
        "correlation_id": delivery.correlation_id,
        "traceparent": delivery.traceparent,
        "created_at": delivery.created_at,
        "tried_since": delivery.tried_since,
        "announced_at": delivery.announced_at,
    }


def from_document(document: Document) -> Delivery:
    fields = {name: value for name, value in document.items() if name not in ("_id", "revision")}
    letter = document["letter"]
    fields["recipient"] = Recipient(**document["recipient"])
    link = letter.get("link")  # a letter of before there were links has none
    fields["letter"] = Letter(**{**letter, "references": tuple(letter["references"]), "link": link and Link(**link)})
    return Delivery(id=document["_id"], **fields)
