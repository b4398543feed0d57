"""What every process counts, for Prometheus. What only one service has to say is declared in that service.

Each metric names its service; the scrape's job names the process. A metric without a value yet is not shown: every one
has a label.
"""

import math
import os
import time
from collections.abc import Callable

import pymongo
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from pymongo.errors import PyMongoError

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LOOK_SECONDS = 0.5
_SERVICE = ["service"]
_CONNECTION = ["connection"]
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

STARTED = Gauge(
    "relaydesk_started_timestamp_seconds",
    "When the youngest process of this job started.",
    _SERVICE,
    multiprocess_mode="livemax",
)
REQUEST_SECONDS = Histogram(
    "relaydesk_request_seconds",
    "How long requests took, by the route's pattern, never by its path.",
    ["service", "rule", "method", "status"],
    buckets=_SECONDS,
)
TRANSACTION_WORKS = Histogram(
    "relaydesk_transaction_works",
    "Messages (worker) or requests (API) that shared one transaction.",
    _SERVICE,
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 400),
)
TRANSACTION_SECONDS = Histogram(
    "relaydesk_transaction_seconds", "From reading to committed, retries included.", _SERVICE, buckets=_SECONDS
)
OUTCOMES = Counter(
    "relaydesk_outcomes_total", "Messages and requests by outcome: done, seen, failed.", ["service", "outcome"]
)
STORE_RETRIES = Counter("relaydesk_store_retries_total", "Transactions run again, by nobody's fault.", _SERVICE)
STORE_GIVEN_UP = Counter("relaydesk_store_given_up_total", "Transactions not taken by the store in time.", _SERVICE)
PARKED_TOTAL = Counter("relaydesk_parked_total", "Messages that could not be handled and were parked.", _SERVICE)
PARKED = Gauge(
    "relaydesk_parked_messages", "Parked messages: to be retried, or waiting for a person.", ["service", "state"]
)
INBOX_MESSAGES = Gauge("relaydesk_inbox_messages", "Messages in the queues and in hand, not yet applied.", _SERVICE)
INBOX_LAG = Gauge("relaydesk_inbox_lag_seconds", "How far behind what was applied last is; 0 if all is.", _SERVICE)
UNPUBLISHED_AGE = Gauge(
    "relaydesk_unpublished_event_age_seconds", "Age of the oldest event not known to be published, or 0.", _SERVICE
)
CONFIRMED = Counter("relaydesk_relay_confirmed_total", "Messages of ours that the broker has taken.", _CONNECTION)
ANSWERS_DROPPED = Counter(
    "relaydesk_answers_dropped_total", "Answers to submissions that could not be delivered.", _CONNECTION
)
BROKER_CONNECTED = Gauge("relaydesk_broker_connected", "1 while the connection does what it is for.", _CONNECTION)
BROKER_BLOCKED = Gauge(
    "relaydesk_broker_blocked", "1 while the broker takes nothing, being short of memory or disk.", _CONNECTION
)


def started(service: str) -> None:
    STARTED.labels(service).set(time.time())


def watch(gauge: Gauge, read: Callable[[], float | None]) -> None:
    """`read` is called at each scrape. While the answer is not known (None, or the store is away), the value is NaN."""

    def seen() -> float:
        try:
            with pymongo.timeout(LOOK_SECONDS):
                value = read()
        except PyMongoError:
            value = None
        return math.nan if value is None else value

    gauge.set_function(seen)


def exposition() -> bytes:
    """All metrics as text. The processes of one API share a folder of counts: any of them answers for all."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
