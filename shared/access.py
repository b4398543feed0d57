"""API keys: `rdk_<id>_<secret>`, known everywhere by their hash, which travels as `api_key.issued` and `.revoked`."""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo.database import Database

from shared.events.assignment import ApiKeyIssued, ApiKeyRevoked
from shared.events.envelope import Event
from shared.messaging.subscription import Subscription
from shared.moments import utc_now
from shared.refusals import Refusal
from shared.store.documents import Changes, Document, Documents, Key

API_KEYS = "api_keys"
_REMEMBERED_SECONDS = 1.0


class Unauthorized(Refusal):
    status = 401
    title = "Who are you?"


@dataclass(frozen=True)
class Principal:
    id: str
    name: str
    scopes: tuple[str, ...]


def new_key(key_id: str | None = None) -> tuple[str, str, str]:
    """(id, the key to be shown once, the hash of its secret)"""
    key_id, secret = key_id or secrets.token_hex(6), secrets.token_urlsafe(32)
    return key_id, f"rdk_{key_id}_{secret}", _hash(secret)


class KeyRing:
    """Who a key belongs to, by this service's own copy, remembered for a second."""

    def __init__(self, database: Database[Document]) -> None:
        self._keys = database[API_KEYS]
        self._remembered: dict[str, tuple[float, Document | None]] = {}

    def principal(self, authorization: str) -> Principal:
        scheme, _, credential = authorization.partition(" ")
        parts = credential.strip().split("_", 2)
        if scheme.lower() != "bearer" or len(parts) != 3 or parts[0] != "rdk":
            raise Unauthorized("Send the header Authorization: Bearer rdk_… with an API key.")
        row = self._row(parts[1])
        secret = _hash(parts[2])
        if row is None or not hmac.compare_digest(secret, row["secret_sha256"]) or not _is_valid(row, utc_now()):
            raise Unauthorized("This API key is not known, revoked or expired.")
        return Principal(row["_id"], row["name"], tuple(row["scopes"]))

    def _row(self, key_id: str) -> Document | None:
        found = self._remembered.get(key_id)
        if found is None or time.monotonic() - found[0] > _REMEMBERED_SECONDS:
            if len(self._remembered) > 10_000:
                self._remembered.clear()
            found = (time.monotonic(), self._keys.find_one({"_id": key_id}))
            self._remembered[key_id] = found
        return found[1]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _is_valid(row: Document, now: datetime) -> bool:
    return not row.get("revoked") and (row["expires_at"] is None or now < row["expires_at"])


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
