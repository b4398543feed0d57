"""Links that were mailed until now let nobody in any more: those to one ticket, or all of a requester's."""

from datetime import datetime

from shared.refusals import NotFound
from shared.store.documents import Changes, Documents, Key


def revoke_links(of: Key, documents: Documents, now: datetime) -> Changes:
    """`of` names a ticket or a requester; the answer is its document."""
    known = documents.get(*of)
    if known is None:
        raise NotFound("There is no ticket or requester with this id.")
    document = {**known, "links_valid_from": now}
    return Changes(documents=[(of.collection, document)], answer=document)
