"""An API as seen from outside: `/healthz`, `/readyz`, `/metrics`, request times, and one line for what went wrong.

Every answer carries `X-Request-Id`, which is also the `correlationid` of the events that follow from the request. A
line in the log is written for answers of 5xx and for slow ones; for all others at debug.
"""

import logging
import time
from dataclasses import dataclass
from functools import cache

from flask import Flask, Response, g, request
from prometheus_client import Histogram
from pymongo.database import Database

from shared import logs, metrics, tracing
from shared.health import Health, events_leave, report, store_answers
from shared.http.door import open_to_all
from shared.identifiers import new_id
from shared.store.documents import Cause, Document

SLOW_SECONDS = 1.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Arrival:
    at: float  # seconds since 1970
    request_id: str
    parent: str | None
    traceparent: str


def register(app: Flask, database: Database[Document]) -> None:
    """Before anything else is registered: what is refused at the door is observed too."""
    health = Health(f"{app.name}-api", alive=[], ready=[store_answers(database), events_leave(database)])
    metrics.started(app.name)
    tracing.configure(health.name)

    @app.before_request
    def arrive() -> None:
        parent = tracing.accepted(request.headers.get("traceparent"))
        arrival = g.arrival = _Arrival(time.time(), new_id(), parent, tracing.next_hop(parent))
        logs.begin(request=arrival.request_id, trace=tracing.trace_id(arrival.traceparent))

    @app.after_request
    def leave(response: Response) -> Response:
        arrival: _Arrival = g.arrival
        seconds = time.time() - arrival.at
        found = request.url_rule
        rule, method = (found.rule, request.method) if found else ("none", "none")  # a stranger may invent both
        _timer(app.name, rule, method, response.status_code).observe(seconds)
        response.headers["X-Request-Id"] = arrival.request_id
        if tracing.is_recording():
            own, parent = arrival.traceparent, arrival.parent
            tracing.record(f"{method} {rule}", "server", own, parent, arrival.at, status=response.status_code)
        level = _level(response.status_code, seconds)
        if _log.isEnabledFor(level):
            _log.log(level, "answered", extra=_line(method, rule, response, seconds))
        return response

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
    arrival: _Arrival = g.arrival
    return Cause(correlation_id=arrival.request_id, traceparent=arrival.traceparent)


@cache
def _timer(service: str, rule: str, method: str, status: int) -> Histogram:
    """Looked up once: prometheus_client takes longer for that than for counting."""
    return metrics.REQUEST_SECONDS.labels(service, rule, method, status)


def _level(status: int, seconds: float) -> int:
    return logging.WARNING if status >= 500 else logging.INFO if seconds > SLOW_SECONDS else logging.DEBUG


def _line(method: str, rule: str, response: Response, seconds: float) -> dict[str, object]:
    principal = g.get("principal")
    who = getattr(principal, "id", None)
    status, milliseconds = response.status_code, round(seconds * 1000, 1)
    return logs.fields(method=method, rule=rule, status=status, milliseconds=milliseconds, principal=who)


def _json(status: int, body: bytes) -> Response:
    return Response(body, status, content_type="application/json")
