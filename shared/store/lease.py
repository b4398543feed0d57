"""A lease on a named piece of work: one holder at a time, by the store's clock, with a fencing number.

A holder that froze past its time finds its number outdated when it prolongs the lease, saves its state or gives it up.
"""

from datetime import UTC, datetime
from typing import Any

from pymongo import ReturnDocument
from pymongo.collection import Collection

from shared.store.documents import Document

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def acquire(leases: Collection[Document], name: str, holder: str, seconds: float) -> Document | None:
    """The lease's document with its new `fence`, or None while somebody else holds it."""
    leases.update_one({"_id": name}, {"$setOnInsert": {"until": _LONG_AGO, "fence": 0}}, upsert=True)
    return leases.find_one_and_update(
        {"_id": name, "$expr": {"$lt": ["$until", "$$NOW"]}},
        [{"$set": {"until": _from_now(seconds), "holder": holder, "fence": {"$add": ["$fence", 1]}}}],
        return_document=ReturnDocument.AFTER,
    )


def renew(leases: Collection[Document], name: str, fence: int, seconds: float, **state: Any) -> bool:
    """Prolongs the lease and saves `state` with it; False when it has passed to somebody else."""
    changed = {"until": _from_now(seconds), **{k: {"$literal": v} for k, v in state.items()}}
    return leases.update_one({"_id": name, "fence": fence}, [{"$set": changed}]).matched_count == 1


def release(leases: Collection[Document], name: str, fence: int) -> None:
    leases.update_one({"_id": name, "fence": fence}, {"$set": {"until": _LONG_AGO}})


def _from_now(seconds: float) -> Document:
    return {"$add": ["$$NOW", int(seconds * 1000)]}
