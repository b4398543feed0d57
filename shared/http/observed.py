"""An API as seen from outside: `/healthz`, `/readyz`, `/metrics`, request times, and one line for what went wrong.

Every answer carries `X-Request-Id`, which is also the `correlationid` of the events that follow from the request. A
line in the log is written for answers of 5xx and for slow ones; for all others at debug.
"""

import logging
import time

from flask import Flask, Response, g, request
from pymongo.database import Database

from shared import logs, metrics, tracing
from shared.health import Health, events_leave, report, store_answers
from shared.http.door import open_to_all
from shared.identifiers import new_id
from shared.store.documents import Cause, Document

SLOW_SECONDS = 1.0
_log = logging.getLogger(__name__)


def register(app: Flask, database: Database[Document]) -> None:
    """Before anything else is registered: what is refused at the door is observed too."""
    health = Health(f"{app.name}-api", alive=[], ready=[store_answers(database), events_leave(database)])
    metrics.started(app.name)
    tracing.configure(health.name)

    @app.before_request
    def arrive() -> None:
        g.arrived = time.time()
        g.request_id = new_id()
        g.parent = tracing.accepted(request.headers.get("traceparent"))
        g.traceparent = tracing.next_hop(g.parent)
        logs.begin(request=g.request_id, trace=tracing.trace_id(g.traceparent))

    @app.after_request
    def leave(response: Response) -> Response:
        seconds = time.time() - g.arrived
        rule = request.url_rule.rule if request.url_rule else "none"
        method = request.method if request.url_rule else "none"  # a stranger may invent one
        metrics.REQUEST_SECONDS.labels(app.name, rule, method, response.status_code).observe(seconds)
        tracing.record(f"{method} {rule}", "server", g.traceparent, g.parent, g.arrived, status=response.status_code)
        _log.log(_level(response.status_code, seconds), "answered", extra=_line(method, rule, response, seconds))
        response.headers["X-Request-Id"] = g.request_id
        return response

    @app.teardown_request
    def gone(_: BaseException | None) -> None:
        logs.begin()

    @app.get("/healthz")
    @open_to_all
    def healthz() -> Response:
        return _json(*report(health.name, health.alive))

    @app.get("/readyz")
    @open_to_all
    def readyz() -> Response:
        return _json(*report(health.name, health.ready))

    @app.get("/metrics")
    @open_to_all
    def expose() -> Response:
        return Response(metrics.exposition(), content_type=metrics.CONTENT_TYPE)


def cause() -> Cause:
    """Of whatever this request brings about."""
    return Cause(correlation_id=g.request_id, traceparent=g.traceparent)


def _level(status: int, seconds: float) -> int:
    return logging.WARNING if status >= 500 else logging.INFO if seconds > SLOW_SECONDS else logging.DEBUG


def _line(method: str, rule: str, response: Response, seconds: float) -> dict[str, object]:
    principal = g.get("principal")
    who = getattr(principal, "id", None)
    status, milliseconds = response.status_code, round(seconds * 1000, 1)
    return logs.fields(method=method, rule=rule, status=status, milliseconds=milliseconds, principal=who)


def _json(status: int, body: bytes) -> Response:
    return Response(body, status, content_type="application/json")
