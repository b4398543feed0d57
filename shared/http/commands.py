"""Where HTTP requests become changes: through the unit of work, once per Idempotency-Key, the answer kept with it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Response, request

from shared.http.answers import encoded, etag_of
from shared.http.committer import Committer
from shared.http.door import principal
from shared.http.observed import cause
from shared.refusals import Invalid, Reason
from shared.store.documents import Changes, Documents, Key
from shared.store.unit_of_work import UnitOfWork, Work

IDEMPOTENCY = "idempotency"
IDEMPOTENCY_DAYS = 7

Run = Callable[[Documents, datetime], Changes]


class IdempotencyKeyReused(Invalid):
    title = "This Idempotency-Key was used for another request"


@dataclass(frozen=True)
class Stored:
    """A command's answer as it was given, or is given again under the same Idempotency-Key."""

    status: int
    body: bytes
    etag: str | None


class Commands:
    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._committer = Committer(unit_of_work)

    def carry_out(self, run: Run, keys: Sequence[Key] = ()) -> Any:
        """The handler's answer itself, kept under no key: for a view with something secret to say, or nobody known."""
        return self._committer.run(Work(run, cause(), keys))

    def carry_out_later(self, run: Run, keys: Sequence[Key] = ()) -> None:
        """Does not wait, so that nobody can tell from the time it took what there was to do."""
        self._committer.put(Work(run, cause(), keys))

    def run(self, run: Run, keys: Sequence[Key] = (), status: int = 200) -> Response:
        """Runs a handler; its `answer` becomes the body. Once per Idempotency-Key, where the caller sent one."""
        idempotency_key = request.headers.get("Idempotency-Key")
        work = Work(_rendered(run, status), cause(), keys)
        if idempotency_key is not None:
            row, fingerprint = _fingerprint(idempotency_key)
            work = Work(_once(work.run, row, fingerprint), work.cause, [*keys, Key(IDEMPOTENCY, row)])
        stored: Stored = self._committer.run(work)
        response = Response(stored.body, stored.status, content_type="application/json")
        if stored.etag:
            response.headers["ETag"] = stored.etag
        return response


def _rendered(run: Run, status: int) -> Run:
    def rendered(documents: Documents, now: datetime) -> Changes:
        changes = run(documents, now)
        stored = Stored(status, encoded(changes.answer), etag_of(changes.answer))
        return Changes(changes.documents, changes.rows, changes.events, stored)

    return rendered


def _fingerprint(key: str) -> tuple[str, str]:
    """(id of the row, hash of the request)"""
    if not 1 <= len(key) <= 255:
        reason = Reason("Idempotency-Key", "must have 1 to 255 characters", "Send a UUID.")
        raise Invalid("The header Idempotency-Key is not valid.", (reason,))
    who = principal()
    name = "\n".join((who.kind, who.key_id or who.id, request.method, request.path, key))
    content = hashlib.sha256(who.id.encode() + b"\n" + request.get_data())
    return hashlib.sha256(name.encode()).hexdigest(), content.hexdigest()


def _once(run: Run, row: str, fingerprint: str) -> Run:
    def once(documents: Documents, now: datetime) -> Changes:
        known = documents.get(IDEMPOTENCY, row)
        if known is not None:
            if known["fingerprint"] != fingerprint:
                remedy = "Send a new key with a new request, or the same request with this key."
                reason = Reason("Idempotency-Key", "was used for another request", remedy)
                raise IdempotencyKeyReused(remedy, (reason,))
            return Changes(answer=Stored(known["status"], bytes(known["body"]), known.get("etag")))
        changes = run(documents, now)
        stored: Stored = changes.answer
        kept = {
            "_id": row,
            "fingerprint": fingerprint,
            "status": stored.status,
            "body": stored.body,
            "etag": stored.etag,
            "expires_at": now + timedelta(days=IDEMPOTENCY_DAYS),
        }
        return changes + Changes(documents=[(IDEMPOTENCY, kept)])

    return once
