"""What notify alone has to say, read at each scrape: deliveries that are not done, and how late the senders are."""

from functools import partial

from prometheus_client import Counter, Gauge
from pymongo.database import Database

from services.notify.delivery_repository import DELIVERIES, due_before
from shared.metrics import watch
from shared.moments import utc_now
from shared.store.documents import Document

UNDONE = ("pending", "sending", "handing_over", "unknown", "held", "failed")

DELIVERIES_BY_STATE = Gauge("relaydesk_deliveries", "Deliveries that are neither sent nor discarded.", ["state"])
LATENESS = Gauge(
    "relaydesk_delivery_lateness_seconds", "How long the delivery that is due first has been due.", ["channel"]
)
ANSWERS = Counter("relaydesk_mail_answers_total", "What mail servers answered.", ["answer"])


def show(database: Database[Document]) -> None:
    """From now on this process's metrics tell."""
    deliveries = database[DELIVERIES]
    for state in UNDONE:
        watch(DELIVERIES_BY_STATE.labels(state), partial(deliveries.count_documents, {"state": state}))
    watch(LATENESS.labels("email"), partial(_lateness, database))


def _lateness(database: Database[Document]) -> float:
    now = utc_now()
    first = database[DELIVERIES].find_one(due_before(now), {"due_at": 1}, sort=[("due_at", 1)])
    return (now - first["due_at"]).total_seconds() if first else 0.0
