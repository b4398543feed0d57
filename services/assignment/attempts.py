"""Tries to sign in, counted in the store, so that a limit holds over all processes and however many try at once."""

from datetime import datetime

from pymongo import ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.assignment.domain import sign_in_limits
from services.assignment.domain.sign_in_limits import REMEMBERED, Counter
from shared.refusals import Refusal
from shared.store.documents import Document

ATTEMPTS = "attempts"
KNOWN_NETWORKS = "known_networks"


class TooManyTries(Refusal):
    status = 429
    title = "Too many tries"


class Attempts:
    def __init__(self, database: Database[Document]) -> None:
        self._attempts = database[ATTEMPTS]
        self._known_networks = database[KNOWN_NETWORKS]

    def begin(self, address: str, network: str, now: datetime) -> tuple[Counter, ...]:
        """Counts a try; returns where. Raises TooManyTries."""
        name = sign_in_limits.known_network(address, network)
        known = self._known_networks.find_one({"_id": name, "expires_at": {"$gt": now}})
        asked = sign_in_limits.counters(address, network, is_known=known is not None)
        for counter in asked:
            row = self._count(counter, now)
            if row["tries"] > counter.limit:
                seconds = max(1, round((row["expires_at"] - now).total_seconds()))
                raise TooManyTries(f"Go on in {seconds} s, or reset your password.", retry_after=seconds)
        return asked

    def succeeded(self, address: str, network: str, counted: tuple[Counter, ...], now: datetime) -> None:
        """The try is given back, its own counter begins anew, and the network is known from now on."""
        own, *others = counted
        self._attempts.delete_one({"_id": own.name})
        self._attempts.update_many({"_id": {"$in": [counter.name for counter in others]}}, {"$inc": {"tries": -1}})
        name = sign_in_limits.known_network(address, network)
        self._known_networks.update_one({"_id": name}, {"$set": {"expires_at": now + REMEMBERED}}, upsert=True)

    def is_first(self, counter: Counter, now: datetime) -> bool:
        """Counts; False when its limit is passed."""
        tries: int = self._count(counter, now)["tries"]
        return tries <= counter.limit

    def _count(self, counter: Counter, now: datetime) -> Document:
        is_running = {"$gt": ["$expires_at", now]}
        counted = {
            "tries": {"$cond": [is_running, {"$add": ["$tries", 1]}, 1]},
            "expires_at": {"$cond": [is_running, "$expires_at", now + counter.window]},
        }
        while True:
            try:
                row: Document | None = self._attempts.find_one_and_update(
                    {"_id": counter.name}, [{"$set": counted}], upsert=True, return_document=ReturnDocument.AFTER
                )
            except DuplicateKeyError:
                continue  # another request has just made it
            if row is not None:  # which upsert promises
                return row
