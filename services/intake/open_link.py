"""A link out of a mail of ours: whom it lets in, and to what, if it still does."""

from datetime import datetime

from pymongo.database import Database

from services.intake.requester_repository import REQUESTERS, from_document
from services.intake.ticket_repository import TICKETS
from shared.access.signed_link import Link, LinkInvalid, read
from shared.access.tokens import Identity
from shared.events.ticket import Requester
from shared.refusals import NotFound
from shared.store.documents import Document

TO_ALL = "requester"  # the link's subject is the requester himself
TO_ONE = "ticket"


def open_link(text: str, secret: str, database: Database[Document], now: datetime) -> tuple[Identity, Requester]:
    """Raises NotFound, the same whatever is wrong with the link."""
    link = _read(text, secret, now)
    holder = database[REQUESTERS].find_one({"_id": link.holder})
    if holder is None or _is_revoked(link, holder):
        raise _not_found()
    requester = from_document(holder)
    if link.purpose == TO_ALL:
        return Identity("requester", requester.id, requester.name), requester
    ticket = database[TICKETS].find_one({"_id": link.subject}, {"requester.id": 1, "links_valid_from": 1})
    if ticket is None or ticket["requester"]["id"] != requester.id or _is_revoked(link, ticket):
        raise _not_found()
    return Identity("requester", requester.id, requester.name, link.subject), requester


def _read(text: str, secret: str, now: datetime) -> Link:
    for purpose in (TO_ALL, TO_ONE):
        try:
            return read(text, purpose, secret, now)
        except LinkInvalid:
            continue
    raise _not_found()


def _is_revoked(link: Link, document: Document) -> bool:
    valid_from = document.get("links_valid_from")
    return valid_from is not None and link.issued_at < valid_from


def _not_found() -> NotFound:
    return NotFound("This link is over, or was never one of ours. Ask for a new one with POST /v1/access.")
