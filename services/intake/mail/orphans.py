"""Files that nobody names are removed after a day: the commit that was to name them failed, or was a repetition's.

Where a sweep came to is kept with its lease, so that none looks at a file twice.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from pymongo.database import Database
from pymongo.errors import PyMongoError

from services.intake.entries import ENTRIES
from services.intake.mail.blobs import Blobs
from services.intake.mail.receive_mail import MAILS
from shared.identifiers import earliest_id
from shared.moments import utc_now
from shared.store import lease
from shared.store.documents import Document
from shared.store.failures import words
from shared.worker import Loop

AGE = timedelta(days=1)
EVERY_SECONDS = 3600.0
AT_ONCE = 500
_LEASE, _LEASE_SECONDS = "orphans", 60.0
_log = logging.getLogger(__name__)


def sweeping(database: Database[Document]) -> Loop:
    def run(stopping: threading.Event, watermark: Callable[[], datetime | None]) -> None:
        while not stopping.is_set():
            try:
                if removed := sweep(database, utc_now(), stopping):
                    _log.info("orphans: removed %d files that nobody names", removed)
            except PyMongoError as error:
                _log.warning("orphans: the store is away, files wait: %s", words(error))
            stopping.wait(EVERY_SECONDS)

    return Loop("orphans", run)


def sweep(database: Database[Document], now: datetime, stopping: threading.Event) -> int:
    """How many were removed of those that were a day old; none while another process is at it."""
    leases, blobs = database["leases"], Blobs(database)
    held = lease.acquire(leases, _LEASE, "sweep", _LEASE_SECONDS)
    if held is None:
        return 0
    swept_until, end = held.get("swept_until", ""), earliest_id(now - AGE)
    removed = 0
    while not stopping.is_set() and (names := blobs.stored_between(swept_until, end, AT_ONCE)):
        orphans = names - _named(database, names)
        for name in orphans:
            blobs.remove(name)
        removed += len(orphans)
        swept_until = max(names)
        if not lease.renew(leases, _LEASE, held["fence"], _LEASE_SECONDS, swept_until=swept_until):
            return removed
    lease.release(leases, _LEASE, held["fence"])
    return removed


def _named(database: Database[Document], names: set[str]) -> set[str]:
    wanted = {"$in": list(names)}
    either = {"$or": [{"attachments.id": wanted}, {"raw_mail_id": wanted}]}
    entries = list(database[ENTRIES].find(either, {"attachments.id": 1, "raw_mail_id": 1}))
    mails = list(database[MAILS].find({"raw_mail_id": wanted}, {"raw_mail_id": 1}))
    files = {file["id"] for entry in entries for file in entry["attachments"]}
    return files | {row["raw_mail_id"] for row in (*entries, *mails) if "raw_mail_id" in row}
