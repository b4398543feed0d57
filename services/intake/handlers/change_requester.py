"""What we know of a requester is put right. Tickets that are under way learn of it when they are next triaged."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from services.intake.requester_repository import REQUESTERS, from_document
from shared.events.intake import RequesterChanged
from shared.refusals import NotFound
from shared.store.documents import Announcement, Changes, Documents


def change_requester(requester_id: str, new: dict[str, Any], documents: Documents, now: datetime) -> Changes:
    """`new`: any of name, language, vip, organisation."""
    known = documents.get(REQUESTERS, requester_id)
    if known is None:
        raise NotFound("There is no requester with this id.")
    before = from_document(known)
    requester = replace(before, **new)
    if requester == before:
        return Changes(answer=known)
    document = {**known, **new, "version": known["version"] + 1, "changed_at": max(now, known["changed_at"])}
    changed = Announcement(RequesterChanged(requester), requester_id, document["version"], document["changed_at"])
    return Changes(documents=[(REQUESTERS, document)], events=[changed], answer=document)
