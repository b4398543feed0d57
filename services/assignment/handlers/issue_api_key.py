"""A key for a program or a person: shown once, kept as a hash, and told to every service."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.assignment.domain.giving import must_have_all
from shared.access.api_keys import API_KEYS, new_key
from shared.access.may import EVERYWHERE, Principal
from shared.access.permissions import SCOPES
from shared.events.access import ApiKeyIssued
from shared.refusals import Invalid, Reason
from shared.store.documents import Announcement, Changes, Document, Documents

ISSUED_KEYS = "issued_keys"


def issue_api_key(
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None,
    giver: Principal,
    documents: Documents,
    now: datetime,
) -> Changes:
    """The answer has the `key` itself. This service's own door knows it from the same transaction on."""
    must_have_all(giver, {EVERYWHERE: frozenset[str]().union(*(SCOPES[scope] for scope in scopes))})
    if expires_at is not None and expires_at <= now:
        reason = Reason("expires_at", "must be in the future", "Leave it out for a key that does not expire.")
        raise Invalid("This key would be over before it is used.", (reason,))
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
        "last_used_at": None,
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
    names = ("name", "scopes", "issued_at", "expires_at", "revoked_at", "last_used_at")
    return {"id": issued["_id"], **{name: issued[name] for name in names}}
