"""Errors as RFC 9457 problem documents that name the field, the rule and the remedy."""

import logging
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson
from flask import Flask, Response
from marshmallow import ValidationError
from pymongo.errors import PyMongoError
from werkzeug.exceptions import ClientDisconnected, HTTPException

from shared.refusals import Invalid, Reason, Refusal
from shared.store.failures import StoreUnavailable

MOST_REASONS = 20
_LONGEST_FIELD = 200  # characters: a stranger chooses the names of unknown fields
_LONGEST_RULE = 300
_log = logging.getLogger(__name__)


def problem(
    status: int, title: str, detail: str, reasons: tuple[Reason, ...] = (), kind: str = "about:blank", **headers: str
) -> Response:
    document: dict[str, Any] = {"type": kind, "title": title, "status": status, "detail": detail}
    if reasons:
        document["errors"] = [reason.as_dict() for reason in reasons]
    response = Response(orjson.dumps(document), status, content_type="application/problem+json")
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def invalid(error: ValidationError) -> Invalid:
    """marshmallow's finding in our words: the first twenty of its reasons, each in few of them."""
    found = _reasons(error.messages)
    reasons = tuple(islice(found, MOST_REASONS))
    named = sorted({reason.field or "the body" for reason in reasons})
    more = sum(1 for _ in found)
    named += [f"{more} more"] if more else []
    return Invalid(f"Mend {', '.join(named)} and send it again.", reasons)


def _reasons(messages: Any, path: str = "") -> Iterator[Reason]:
    if isinstance(messages, dict):
        for name, inner in messages.items():
            step = "" if name == "_schema" else str(name)
            yield from _reasons(inner, f"{path}.{step}".strip("."))
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield Reason(path[:_LONGEST_FIELD], str(message)[:_LONGEST_RULE], _remedy(str(message)))


def _remedy(message: str) -> str:
    if message == "Unknown field.":
        return "Leave it out, or look the name up in the documentation of this request."
    if message.startswith("Missing data"):
        return "Send it: it is required."
    return "Send a value that keeps the rule."


def _kind(refusal: Refusal) -> str:
    """TicketIsClosed → urn:relaydesk:ticket-is-closed"""
    return "urn:relaydesk:" + re.sub(r"(?<!^)(?=[A-Z])", "-", type(refusal).__name__).lower()


def register(app: Flask) -> None:
    @app.errorhandler(Refusal)
    def refused(error: Refusal) -> Response:
        headers = {"Retry_After": str(error.retry_after)} if error.retry_after else {}
        return problem(error.status, error.title, error.detail, error.reasons, _kind(error), **headers)

    @app.errorhandler(ValidationError)
    def not_valid(error: ValidationError) -> Response:
        return refused(invalid(error))

    @app.errorhandler(StoreUnavailable)
    @app.errorhandler(PyMongoError)
    def store_away(error: Exception) -> Response:
        _log.warning("answered 503: %s", error)
        uncertain = isinstance(error, StoreUnavailable) and error.is_uncertain
        detail = (
            "It is not known whether this was accepted: repeat it with the same Idempotency-Key."
            if uncertain
            else "The store is away, nothing was accepted: try again in a few seconds."
        )
        return problem(503, "The store is away", detail, Retry_After="5")

    @app.errorhandler(ClientDisconnected)
    def broke_off(_: ClientDisconnected) -> Response:
        return problem(408, "The request broke off", "Nothing was accepted: send it again, whole.")

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        response = problem(error.code or 500, error.name, error.description or error.name)
        for name, value in error.get_headers():
            if name.lower() not in ("content-type", "content-length"):
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        _log.exception("unexpected failure")
        return problem(500, "Something failed on our side", "It has been recorded. Nothing was accepted.")
