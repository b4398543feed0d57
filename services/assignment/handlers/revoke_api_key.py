"""A key ends: at this service's own door at once, at the others as soon as they hear of it."""

from datetime import datetime

from services.assignment.handlers.issue_api_key import ISSUED_KEYS, shown
from shared.access.api_keys import API_KEYS
from shared.events.access import ApiKeyRevoked
from shared.refusals import NotFound
from shared.store.documents import Announcement, Changes, Documents


def revoke_api_key(key_id: str, documents: Documents, now: datetime) -> Changes:
    issued, row = documents.get(ISSUED_KEYS, key_id), documents.get(API_KEYS, key_id)
    if issued is None or row is None:
        raise NotFound(f"There is no key {key_id}.")
    if issued["revoked_at"] is not None:
        return Changes(answer=shown(issued))
    at = max(now, issued["time"])
    after = {**issued, "version": issued["version"] + 1, "time": at, "revoked_at": at}
    return Changes(
        documents=[(ISSUED_KEYS, after), (API_KEYS, {**row, "revoked": True})],
        events=[Announcement(ApiKeyRevoked(key_id), key_id, after["version"], at)],
        answer=shown(after),
    )
