"""Which parked messages are meant: by the beginning of an id, or all whose reason has certain words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pymongo.database import Database

from cli.desk import Desk
from cli.failures import found_wrong
from shared.messaging.parking import PARKED
from shared.store.documents import Document

_SHOWN = 12  # digits of the hash, of 64


@dataclass(frozen=True)
class Parked:
    """`row` without its body, which `Parking.body` reads."""

    service: str
    database: Database[Document]
    row: Document

    @property
    def id(self) -> str:
        """Short, as it is shown and as it may be typed: sla.inbox:3f2ab1c2d4e5."""
        queue, _, digest = str(self.row["_id"]).rpartition(":")
        return f"{queue}:{digest[:_SHOWN]}"


def everything(desk: Desk, reason_like: str | None = None) -> Iterator[Parked]:
    """The oldest first, service by service."""
    wanted = {"reason": {"$regex": re.escape(reason_like), "$options": "i"}} if reason_like else {}
    for service, database in desk.databases.items():
        for row in database[PARKED].find(wanted, {"body": 0}).sort("parked_at", 1):
            yield Parked(service, database, row)


def named(desk: Desk, names: Sequence[str]) -> list[Parked]:
    return [_one(desk, name) for name in names]


def _one(desk: Desk, name: str) -> Parked:
    begins = {"_id": {"$regex": f"^{re.escape(name)}"}}
    found = [
        Parked(service, database, row)
        for service, database in desk.databases.items()
        for row in database[PARKED].find(begins, {"body": 0}).limit(2)
    ]
    if not found:
        raise found_wrong(f"No parked message has an id that begins with {name}: see `relaydesk parked list`.")
    if len(found) > 1:
        raise found_wrong(f"More than one parked message has an id that begins with {name}: write more of it.")
    return found[0]
