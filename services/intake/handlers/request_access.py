"""Somebody asks for a link that lets him in as the requester with this address.

Whether the address is known may not show: it is asked for, remembered and answered in the same way. So that nobody's
mailbox is flooded, the link is sent at most once in ten minutes.
"""

from datetime import datetime, timedelta

from services.intake.requester_repository import REQUESTERS, from_document
from shared.events.intake import RequesterAccessRequested
from shared.identifiers import new_id
from shared.store.documents import Announcement, Changes, Documents, Key

ACCESS_REQUESTS = "access_requests"
PAUSE = timedelta(minutes=10)
LINK_LIFE = timedelta(hours=1)


def request_access_keys(address: str) -> list[Key]:
    return [Key(ACCESS_REQUESTS, address.lower()), Key(REQUESTERS, address.lower(), "address")]


def request_access(address: str, documents: Documents, now: datetime) -> Changes:
    last = documents.get(ACCESS_REQUESTS, address.lower())
    if last is not None and now < last["expires_at"]:
        return Changes()
    request = {"_id": address.lower(), "expires_at": now + PAUSE}
    return Changes(documents=[(ACCESS_REQUESTS, request)], events=_told(address, documents, now))


def _told(address: str, documents: Documents, now: datetime) -> list[Announcement]:
    """Each request is an aggregate of its own: a stranger shall not raise the requester's version."""
    requester = documents.get(REQUESTERS, address.lower(), "address")
    if requester is None:
        return []
    requested = RequesterAccessRequested(from_document(requester), now + LINK_LIFE)
    return [Announcement(requested, new_id(), 1, now)]
