"""Thread entries: documents of their own, written once. Ids sort by the moment of writing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.events.ticket import Actor
from shared.identifiers import new_id
from shared.store.documents import Document

ENTRIES = "entries"


def entry(
    ticket_id: str,
    kind: str,
    author: Actor,
    text: str,
    at: datetime,
    *,
    attachments: Sequence[Mapping[str, Any]] = (),
    mail_message_id: str | None = None,
    raw_mail_id: str | None = None,
) -> Document:
    """`kind` is description, requester_reply, agent_reply or note; a mail's ids only where there was a mail."""
    document: Document = {
        "_id": new_id(),
        "ticket_id": ticket_id,
        "kind": kind,
        "author": dict(vars(author)),
        "text": text,
        "at": at,
        "attachments": [dict(a) for a in attachments],
    }
    if mail_message_id is not None:
        document["mail_message_id"] = mail_message_id
    if raw_mail_id is not None:
        document["raw_mail_id"] = raw_mail_id
    return document
