"""What a requester reads of his ticket: a type of its own, so that what is internal has no place in it.

It has the words that were meant for him and the state of his request; not how it is judged, sorted and worked on.
"""

from typing import Any

from shared.store.documents import Document

PUBLIC_KINDS = ("description", "requester_reply", "agent_reply")
_SAME = ("number", "subject", "status", "topic", "created_at", "follows", "resolution", "rating", "version")
READ = dict.fromkeys(_SAME, 1)


def ticket_for_requester(document: Document) -> dict[str, Any]:
    return {"id": document["_id"], **{name: document[name] for name in _SAME}}


def entry_for_requester(document: Document) -> dict[str, Any]:
    """Of an entry of a public kind; its author by name alone."""
    return {
        "id": document["_id"],
        "kind": document["kind"],
        "author": document["author"]["name"],
        "text": document["text"],
        "at": document["at"],
        "attachments": [
            {name: attachment[name] for name in ("id", "name", "content_type", "size")}
            for attachment in document["attachments"]
        ],
    }


def is_for_requester(document: Document, attachment_id: str) -> bool:
    """Whether an entry shows this file to the requester: never a note's, never a mail as it came."""
    files = {attachment["id"] for attachment in document["attachments"]}
    return document["kind"] in PUBLIC_KINDS and attachment_id in files
