"""A requester opens a ticket himself: for himself, and how urgent it is others judge."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.intake.handlers.open_ticket import OpenTicket, open_ticket
from services.intake.requester_repository import REQUESTERS
from shared.events.ticket import Actor
from shared.refusals import Invalid, NotFound, Reason
from shared.store.documents import Changes, Documents

_NOT_HIS = ("impact", "urgency", "external_reference", "tags")


def open_own_ticket(
    ticket_id: str,
    actor: Actor,
    described: dict[str, Any],
    documents: Documents,
    now: datetime,
    next_number: Callable[[], str],
) -> Changes:
    """`described`: what OpenTicketSchema gives. Raises Invalid, naming what is not for requesters to choose."""
    chosen = [name for name in _NOT_HIS if described[name]]
    if chosen:
        reasons = tuple(Reason(name, "is not chosen by a requester", "Leave it out.") for name in chosen)
        raise Invalid(f"Leave out {', '.join(chosen)}.", reasons)
    requester = documents.get(REQUESTERS, actor.id)
    if requester is None:
        raise NotFound("There is no requester with this id.")
    address = requester["address"]
    if (described.get("requester_address") or address).lower() != address:
        reason = Reason("requester.address", "must be your own", "Leave out requester.")
        raise Invalid("A requester opens tickets of his own.", (reason,))
    own = {**described, "requester_address": address, "requester_name": requester["name"]}
    command = OpenTicket(ticket_id=ticket_id, channel="http", actor=actor, **own)
    return open_ticket(command, documents, now, next_number)
