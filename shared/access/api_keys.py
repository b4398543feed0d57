"""API keys: `rdk_<id>_<secret>`, known everywhere by their hash, which travels as `api_key.issued` and `.revoked`."""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Any

from shared.events.access import ApiKeyIssued, ApiKeyRevoked
from shared.events.envelope import Event
from shared.messaging.subscription import Subscription
from shared.store.documents import Changes, Document, Documents, Key

API_KEYS = "api_keys"
PREFIX = "rdk"


def new_key(key_id: str | None = None) -> tuple[str, str, str]:
    """(id, the key to be shown once, the hash of its secret)"""
    key_id, secret = key_id or secrets.token_hex(6), secrets.token_urlsafe(32)
    return key_id, f"{PREFIX}_{key_id}_{secret}", _hash(secret)


def split(key: str) -> tuple[str, str] | None:
    """(id, secret); None for what is no key of ours."""
    parts = key.split("_", 2)
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == PREFIX else None


def opens(row: Document, secret: str, now: datetime) -> bool:
    is_right = hmac.compare_digest(_hash(secret), row["secret_sha256"])
    return is_right and not row["revoked"] and (row["expires_at"] is None or now < row["expires_at"])


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _key_of(event: Event[Any]) -> list[Key]:
    return [Key(API_KEYS, event.data.id)]


def _issued(event: Event[ApiKeyIssued], documents: Documents, now: datetime) -> Changes:
    key = event.data
    known = documents.get(API_KEYS, key.id) or {}
    document = {
        "_id": key.id,
        "name": key.name,
        "secret_sha256": key.secret_sha256,
        "scopes": list(key.scopes),
        "expires_at": key.expires_at,
        "revoked": known.get("revoked", False),  # a revocation that came first stays
    }
    return Changes(documents=[(API_KEYS, document)])


def _revoked(event: Event[ApiKeyRevoked], documents: Documents, now: datetime) -> Changes:
    blank: Document = {"_id": event.data.id, "name": "", "secret_sha256": "", "scopes": [], "expires_at": None}
    known = documents.get(API_KEYS, event.data.id) or blank
    return Changes(documents=[(API_KEYS, {**known, "revoked": True})])


SUBSCRIPTIONS = (
    Subscription("api_key.issued", _key_of, _issued),
    Subscription("api_key.revoked", _key_of, _revoked),
)
