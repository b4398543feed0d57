"""Messages that could not be handled wait here, whole: their bytes, headers, reason and attempts.

A timer tries each again after 5 s, 30 s and 5 min; then it waits for a person. A collection and not a queue: it can be
browsed, and a look changes nothing.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from gridfs import GridFSBucket
from pika import BasicProperties
from pymongo import ASCENDING, ReturnDocument
from pymongo.database import Database

from shared.store.documents import Document
from shared.store.failures import is_nobodys_fault

PARKED = "parked"
PAUSES = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5))
_RETRY_LEASE = timedelta(seconds=60)
_INLINE_BYTES = 8 * 1024 * 1024


class Parking:
    def __init__(self, database: Database[Document]) -> None:
        self._parked = database[PARKED]
        self._large = GridFSBucket(database, "parked_bodies")

    def park(
        self, queue: str, routing_key: str | bytes, body: bytes, properties: Any, error: Exception, now: datetime
    ) -> None:
        """Keeps a message; the same bytes from the same queue are kept once.

        What the store refuses of all that came with the bytes is left out.
        """
        identity = f"{queue}:{hashlib.sha256(body).hexdigest()}"
        row: Document = {"queue": queue, "size": len(body), "parked_at": now}
        if len(body) <= _INLINE_BYTES:
            row["body"] = body
        elif self._parked.find_one({"_id": identity}, {"_id": 1}) is None:
            row["body_id"] = self._large.upload_from_stream(identity, body)
        try:
            self._keep(identity, {**row, **_told(routing_key, properties)}, _verdict(_reason(error), 1, now))
        except Exception as refusal:
            if is_nobodys_fault(refusal):
                raise
            bare = _told("", BasicProperties())
            self._keep(identity, {**row, **bare}, _verdict(type(error).__name__, 1, now))
        if "body_id" in row:
            self._sweep(identity)

    def take_due(self, now: datetime) -> Document | None:
        """The next one whose pause is over, leased to the caller for a minute."""
        return self._parked.find_one_and_update(
            {"next_try_at": {"$lte": now}},
            {"$set": {"next_try_at": now + _RETRY_LEASE}},
            sort=[("next_try_at", ASCENDING)],
            return_document=ReturnDocument.BEFORE,
        )

    def body(self, row: Document) -> bytes:
        return bytes(row["body"]) if "body" in row else self._large.open_download_stream(row["body_id"]).read()

    def failed_again(self, row: Document, error: Exception, now: datetime) -> None:
        self._parked.update_one({"_id": row["_id"]}, {"$set": _verdict(_reason(error), row["attempts"] + 1, now)})

    def discard(self, row: Document) -> None:
        self._parked.delete_one({"_id": row["_id"]})
        if "body_id" in row:
            self._large.delete(row["body_id"])

    def _keep(self, identity: str, row: Document, verdict: Document) -> None:
        self._parked.update_one({"_id": identity}, {"$set": verdict, "$setOnInsert": row}, upsert=True)

    def _sweep(self, identity: str) -> None:
        """A body is stored before its row: whoever ended between the two left one behind that no row names."""
        row = self._parked.find_one({"_id": identity}, {"body_id": 1}) or {}
        for stored in self._large.find({"filename": identity, "_id": {"$ne": row.get("body_id")}}):
            self._large.delete(stored._id)


def _told(routing_key: str | bytes, properties: Any) -> Document:
    """`headers`: pairs of texts, as a name may be one that no document can have. Rows of before have a document."""
    return {
        "routing_key": _text(routing_key),
        "headers": [[_text(name), repr(value)] for name, value in (properties.headers or {}).items()],
        "message_id": _text(properties.message_id),
        "reply_to": _text(properties.reply_to),
    }


def _text(value: str | bytes | None) -> str | None:
    """pika leaves bytes as they are where they aren't UTF-8."""
    return value.decode(errors="backslashreplace") if isinstance(value, bytes) else value


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:2000].encode(errors="backslashreplace").decode()


def _verdict(reason: str, attempts: int, now: datetime) -> Document:
    """`next_try_at` is None once only a person can help."""
    return {
        "reason": reason,
        "attempts": attempts,
        "next_try_at": now + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None,
    }
