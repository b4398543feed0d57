"""Is a process alive, is it ready, and what is missing or worse than it should be.

Alive (`/healthz`) is a process whose threads run and, of a worker, whose loop turns: one that is not should be started
anew. Ready (`/readyz`) asks about the others, the store and the broker: no restart would help there. The sentences say
nothing of addresses, and name what to look at.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Thread

import orjson
import pymongo
from pymongo.database import Database
from pymongo.errors import PyMongoError

from shared.messaging.connection import Connection
from shared.messaging.refused import oldest_refused
from shared.messaging.relay import oldest_unpublished
from shared.moments import utc_now
from shared.store.documents import Document

SLOW_SECONDS = 1.0
STORE_SECONDS = 2.0
BACKLOG_SECONDS = 10.0
_AWAY = "RabbitMQ or this service's worker is away"


@dataclass(frozen=True)
class Finding:
    """`is_missing`: it can't work without. Else it works, but not as well."""

    part: str
    says: str
    is_missing: bool = True


Check = Callable[[], Iterable[Finding]]


@dataclass(frozen=True)
class Health:
    name: str
    alive: Sequence[Check]
    ready: Sequence[Check]


def report(name: str, checks: Sequence[Check]) -> tuple[int, bytes]:
    """(HTTP status, JSON): 503 when something is missing, else 200, with what is degraded."""
    found = [finding for check in checks for finding in check()]
    missing = {finding.part: finding.says for finding in found if finding.is_missing}
    degraded = {finding.part: finding.says for finding in found if not finding.is_missing}
    status = "down" if missing else "degraded" if degraded else "up"
    body = {"process": name, "status": status, "missing": missing, "degraded": degraded}
    return 503 if missing else 200, orjson.dumps(body)


def threads_run(threads: Sequence[Thread]) -> Check:
    def check() -> Iterable[Finding]:
        return [Finding(t.name, "This thread has ended.") for t in threads if not t.is_alive()]

    return check


def store_answers(database: Database[Document]) -> Check:
    def check() -> Iterable[Finding]:
        began = time.monotonic()
        try:
            with pymongo.timeout(STORE_SECONDS):
                database.command("ping")
        except PyMongoError:
            return [Finding("store", "MongoDB does not answer, or has no primary.")]
        took = time.monotonic() - began
        return [Finding("store", f"MongoDB took {took:.1f} s to answer.", False)] if took > SLOW_SECONDS else []

    return check


def events_leave(database: Database[Document]) -> Check:
    """An API needs no broker, but should say when what it accepts is not passed on; so should a worker."""

    def check() -> Iterable[Finding]:
        try:
            with pymongo.timeout(STORE_SECONDS):
                oldest = oldest_unpublished(database)
                age = (utc_now() - oldest).total_seconds() if oldest else 0.0
                if age <= BACKLOG_SECONDS:
                    return []
                refused = oldest_refused(database)
        except PyMongoError:
            return []
        why = f"a full queue refuses {refused['type']} {refused['_id']}" if refused else _AWAY
        return [Finding("events", f"Events wait to be published, the oldest for {age:.0f} s: {why}.", False)]

    return check


def broker_takes(connection: Connection) -> Check:
    def check() -> Iterable[Finding]:
        if connection.trouble is not None:
            return [Finding(connection.name, f"RabbitMQ: {connection.trouble}")]
        if connection.is_blocked:
            return [Finding(connection.name, "RabbitMQ takes nothing: it is short of memory or disk.", False)]
        return []

    return check
