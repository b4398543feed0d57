"""What the four APIs have in common: keys at the door, one form of errors, commands through group commit."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from flask import Flask, Response, g, request
from marshmallow import Schema
from pymongo.database import Database
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from shared.access import KeyRing, Principal
from shared.http import problems
from shared.http.committer import Committer
from shared.identifiers import new_id
from shared.refusals import Invalid, Reason
from shared.store.documents import Cause, Changes, Document, Documents, Key
from shared.store.unit_of_work import UnitOfWork, Work
from shared.threads import take_short_turns

IDEMPOTENCY = "idempotency"
IDEMPOTENCY_DAYS = 7
MAX_JSON_BYTES = 1024 * 1024
_OPEN_PATHS = ("/healthz",)

Run = Callable[[Documents, datetime], Changes]


class IdempotencyKeyReused(Invalid):
    title = "This Idempotency-Key was used for another request"


def create_app(service: str, database: Database[Document]) -> Flask:
    """An app that knows callers by API key (`principal()`) and answers `/healthz` to anybody."""
    take_short_turns()
    app = Flask(service, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_JSON_BYTES
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's own provider has it, its base class hasn't
    problems.register(app)
    ring = KeyRing(database)

    @app.before_request
    def authenticate() -> None:
        if request.path not in _OPEN_PATHS:
            g.principal = ring.principal(request.headers.get("Authorization", ""))

    @app.get("/healthz")
    def healthz() -> Response:
        return answer({"service": service, "status": "up"})

    return app


def principal() -> Principal:
    found: Principal = g.principal
    return found


def answer(body: Any, status: int = 200, **headers: str) -> Response:
    response = Response(orjson.dumps(body, option=orjson.OPT_UTC_Z), status, content_type="application/json")
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def json_body(schema: Schema) -> Any:
    """The request's body, validated. Raises what the problem documents name."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send the body as application/json.")
    try:
        value = orjson.loads(request.get_data())
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"The body is not valid JSON in UTF-8: {error}") from error
    if not isinstance(value, dict):
        raise Invalid("Send one JSON object.", (Reason("", "must be a JSON object", "Wrap it in { }."),))
    return schema.load(value)


def query(schema: Schema) -> Any:
    return schema.load(request.args.to_dict(flat=True))


@dataclass(frozen=True)
class Stored:
    """A command's answer as it was given, or is given again under the same Idempotency-Key."""

    status: int
    body: bytes


class Commands:
    """Where HTTP requests become changes."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._committer = Committer(unit_of_work)

    def run(self, run: Run, keys: Sequence[Key] = (), status: int = 200) -> Response:
        """Runs a handler; its `answer` becomes the body. Once per Idempotency-Key, where the caller sent one."""
        idempotency_key = request.headers.get("Idempotency-Key")
        request_id = new_id()
        cause = Cause(correlation_id=request_id, causation_id=None, traceparent=request.headers.get("traceparent"))
        if idempotency_key is None:
            stored = self._committer.run(Work(_rendered(run, status), cause, keys))
        else:
            row, fingerprint = _fingerprint(idempotency_key)
            once = _once(_rendered(run, status), row, fingerprint)
            stored = self._committer.run(Work(once, cause, [*keys, Key(IDEMPOTENCY, row)]))
        return Response(stored.body, stored.status, content_type="application/json")


def _rendered(run: Run, status: int) -> Run:
    def rendered(documents: Documents, now: datetime) -> Changes:
        changes = run(documents, now)
        body = orjson.dumps(changes.answer, option=orjson.OPT_UTC_Z)
        return Changes(changes.documents, changes.rows, changes.events, Stored(status, body))

    return rendered


def _fingerprint(key: str) -> tuple[str, str]:
    """(id of the row, hash of the request)"""
    if not 1 <= len(key) <= 255:
        reason = Reason("Idempotency-Key", "must have 1 to 255 characters", "Send a UUID.")
        raise Invalid("The header Idempotency-Key is not valid.", (reason,))
    name = "\n".join((principal().id, request.method, request.path, key))
    content = hashlib.sha256(request.headers.get("X-On-Behalf-Of", "").encode() + b"\n" + request.get_data())
    return hashlib.sha256(name.encode()).hexdigest(), content.hexdigest()


def _once(run: Run, row: str, fingerprint: str) -> Run:
    def once(documents: Documents, now: datetime) -> Changes:
        known = documents.get(IDEMPOTENCY, row)
        if known is not None:
            if known["fingerprint"] != fingerprint:
                raise IdempotencyKeyReused("Send a new key with a new request, or the same request with this key.")
            return Changes(answer=Stored(known["status"], bytes(known["body"])))
        changes = run(documents, now)
        kept = {
            "_id": row,
            "fingerprint": fingerprint,
            "status": changes.answer.status,
            "body": changes.answer.body,
            "expires_at": now + timedelta(days=IDEMPOTENCY_DAYS),
        }
        return changes + Changes(documents=[(IDEMPOTENCY, kept)])

    return once
