"""A person decides about a delivery that waits for one: send it again, or let it be."""

from datetime import datetime

from services.notify.delivery_repository import DELIVERIES, from_document, to_document
from services.notify.domain.delivery import Delivery
from shared.refusals import NotFound
from shared.store.documents import Changes, Document, Documents


def retry(documents: Documents, now: datetime, *, delivery_id: str, by: str) -> Changes:
    return _changed(_found(documents, delivery_id).tried_again(by, now))


def discard(documents: Documents, now: datetime, *, delivery_id: str, by: str) -> Changes:
    return _changed(_found(documents, delivery_id).discarded(by))


def _found(documents: Documents, delivery_id: str) -> Delivery:
    document = documents.get(DELIVERIES, delivery_id)
    if document is None:
        raise NotFound(f"There is no notification {delivery_id}.")
    return from_document(document)


def _changed(delivery: Delivery) -> Changes:
    document: Document = to_document(delivery)
    return Changes(documents=[(DELIVERIES, document)], answer=document)
