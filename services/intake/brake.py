"""How often one address is answered by machine for what others say in its name: no loop is endless, and nobody has the
desk fill somebody else's mailbox.

Ten tickets in each hour of the clock. The first has a mark of the hour, from which the second knows that it is not the
first; the requester's own document counts from the second on, up to the last that is answered. So one ticket an hour
costs no further write, and neither does a flood: docs/decisions/0046.
"""

from dataclasses import dataclass, field
from datetime import datetime

from services.intake.ticket_repository import TICKETS
from shared.store.documents import Document, Documents, Key

MOST = 10


@dataclass(frozen=True)
class Note:
    """What the next ticket is to find, on this one's document and on its requester's."""

    is_too_much: bool = False
    on_ticket: Document = field(default_factory=dict)
    on_requester: Document = field(default_factory=dict)


def hour_of(now: datetime) -> str:
    return f"{now:%Y-%m-%dT%H}"


def first_key(address: str, now: datetime) -> Key:
    """Of the ticket that is this address's first within the hour."""
    return Key(TICKETS, f"{hour_of(now)} {address.lower()}", "first_of")


def noted(requester: Document, documents: Documents, now: datetime) -> Note:
    first, hour = first_key(requester["address"], now), hour_of(now)
    if documents.get(*first) is None:
        return Note(on_ticket={"first_of": first.value})
    answered = requester.get("answered")
    if answered is None or answered["hour"] < hour:
        answered = {"hour": hour, "tickets": 1}
    if answered["tickets"] >= MOST:
        return Note(is_too_much=True)
    return Note(on_requester={"answered": {**answered, "tickets": answered["tickets"] + 1}})
