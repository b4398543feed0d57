"""Requesters as documents, known by their address in lower case."""

from datetime import datetime

from shared.events.ticket import Requester
from shared.identifiers import new_id
from shared.store.documents import Changes, Document, Documents

REQUESTERS = "requesters"


def from_document(document: Document) -> Requester:
    return Requester(
        id=document["_id"],
        address=document["address"],
        name=document["name"],
        language=document["language"],
        vip=document["vip"],
        organisation=document["organisation"],
    )


def requester_for(
    address: str, name: str, language: str, documents: Documents, now: datetime
) -> tuple[Requester, Changes]:
    """The requester with this address, and what makes one where nobody has it. A known one keeps name and language."""
    address = address.lower()
    known = documents.get(REQUESTERS, address, "address")
    if known is not None:
        return from_document(known), Changes()
    requester = Requester(id=new_id(), address=address, name=name, language=language)
    document = {
        "_id": requester.id,
        "address": address,
        "name": name,
        "language": language,
        "vip": False,
        "organisation": None,
        "version": 0,
        "changed_at": now,
    }
    return requester, Changes(documents=[(REQUESTERS, document)])
