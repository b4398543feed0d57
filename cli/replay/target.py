"""Where a replay goes, and what is of no use there."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from cli.heard import INBOXES
from shared.events.catalogue import PUBLIC
from shared.store.documents import Document
from shared.worker import INBOX_DAYS


class Target:
    """Everybody, or one queue: ours, or a listener's, which gets public events alone.

    `left_out` counts what `suitable` did not let through, by the reason.
    """

    def __init__(self, queue: str | None, now: datetime) -> None:
        ours = {inbox.name: frozenset(inbox.types) for inbox in INBOXES}
        self._types = ours.get(queue, frozenset(PUBLIC)) if queue else None
        self._oldest = now - timedelta(days=INBOX_DAYS) if queue is None or queue in ours else None
        self.left_out = Counter(too_old=0, not_bound=0)

    def suitable(self, rows: Iterator[Document]) -> Iterator[Document]:
        for row in rows:
            if self._types is not None and row["type"] not in self._types:
                self.left_out["not_bound"] += 1
            elif self._oldest and row["time"] < self._oldest:
                self.left_out["too_old"] += 1
            else:
                yield row
