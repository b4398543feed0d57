"""Requesters as documents, known by their address in lower case."""

from datetime import datetime

from shared.events.ticket import Requester
from shared.identifiers import new_id
from shared.store.documents import Document, Documents

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


def known_requester(address: str, documents: Documents) -> Document | None:
    return documents.get(REQUESTERS, address.lower(), "address")


def new_requester(address: str, name: str, language: str, now: datetime) -> Document:
    return {
        "_id": new_id(),
        "address": address.lower(),
        "name": name,
        "language": language,
        "vip": False,
        "organisation": None,
        "version": 0,
        "changed_at": now,
    }
