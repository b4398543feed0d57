"""A key for a program or a person: shown once, kept as a hash, and told to every service."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.access import API_KEYS, new_key
from shared.events.assignment import ApiKeyIssued
from shared.store.documents import Announcement, Changes, Document, Documents

ISSUED_KEYS = "issued_keys"
ADMINISTRATOR = "administrator"


def issue_api_key(
    name: str, scopes: Sequence[str], expires_at: datetime | None, documents: Documents, now: datetime
) -> Changes:
    """The answer has the `key` itself. This service's own door knows it from the same transaction on."""
    key_id, key, secret_sha256 = new_key()
    issued: Document = {
        "_id": key_id,
        "version": 1,
        "time": now,
        "name": name,
        "scopes": list(scopes),
        "issued_at": now,
        "expires_at": expires_at,
        "revoked_at": None,
    }
    row: Document = {
        "_id": key_id,
        "name": name,
        "secret_sha256": secret_sha256,
        "scopes": list(scopes),
        "expires_at": expires_at,
        "revoked": False,
    }
    event = ApiKeyIssued(key_id, name, secret_sha256, tuple(scopes), expires_at)
    return Changes(
        documents=[(ISSUED_KEYS, issued), (API_KEYS, row)],
        events=[Announcement(event, key_id, 1, now)],
        answer={**shown(issued), "key": key},
    )


def shown(issued: Document) -> dict[str, Any]:
    names = ("name", "scopes", "issued_at", "expires_at", "revoked_at")
    return {"id": issued["_id"], **{name: issued[name] for name in names}}
