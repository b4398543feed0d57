"""What notify alone has to say, read at each scrape: deliveries that are not done, how late, and how long in vain."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from prometheus_client import Counter, Gauge
from pymongo.collection import Collection
from pymongo.database import Database

from services.notify.delivery_repository import DELIVERIES, due_before, tried_in_vain_before
from shared.metrics import watch
from shared.moments import utc_now
from shared.store.documents import Document

UNDONE = ("pending", "sending", "handing_over", "unknown", "held", "failed")

DELIVERIES_BY_STATE = Gauge("relaydesk_deliveries", "Deliveries that are neither sent nor discarded.", ["state"])
LATENESS = Gauge(
    "relaydesk_delivery_lateness_seconds", "How long the delivery that is due first has been due.", ["channel"]
)
IN_VAIN = Gauge(
    "relaydesk_delivery_in_vain_seconds", "How long the delivery that is tried longest in vain is tried.", ["channel"]
)
ANSWERS = Counter("relaydesk_mail_answers_total", "What mail servers answered.", ["answer"])


def show(database: Database[Document]) -> None:
    """From now on this process's metrics tell."""
    deliveries = database[DELIVERIES]
    for state in UNDONE:
        watch(DELIVERIES_BY_STATE.labels(state), partial(deliveries.count_documents, {"state": state}))
    watch(LATENESS.labels("email"), partial(_seconds_since, "due_at", due_before, deliveries))
    watch(IN_VAIN.labels("email"), partial(_seconds_since, "tried_since", tried_in_vain_before, deliveries))


def _seconds_since(field: str, before: Callable[[datetime], Document], deliveries: Collection[Document]) -> float:
    now = utc_now()
    first = deliveries.find_one(before(now), {field: 1}, sort=[(field, 1)])
    return (now - first[field]).total_seconds() if first else 0.0
