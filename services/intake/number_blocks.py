"""Ticket numbers, handed out in blocks: a process takes a hundred at a time, so that opening tickets never queues.

Taken outside the transaction: a number that was handed out and not used leaves a gap, and none is used twice.
"""

import threading
from typing import Any

from pymongo import ReturnDocument
from pymongo.database import Database

from shared.store.documents import Document

COUNTERS = "counters"
FIRST = 100_001
BLOCK = 100


class NumberBlocks:
    def __init__(self, database: Database[Document]) -> None:
        self._counters = database[COUNTERS]
        self._lock = threading.Lock()
        self._next = self._end = 0

    def take(self) -> str:
        with self._lock:
            if self._next == self._end:
                self._end = FIRST + self._reserve()
                self._next = self._end - BLOCK
            number = self._next
            self._next += 1
        return str(number)

    def _reserve(self) -> int:
        """How many have been handed out, this block included."""
        row: Any = self._counters.find_one_and_update(
            {"_id": "ticket_number"}, {"$inc": {"taken": BLOCK}}, upsert=True, return_document=ReturnDocument.AFTER
        )
        return int(row["taken"])
