"""An API key was used at some service's door: its last use is shown with it."""

from collections.abc import Sequence
from datetime import datetime

from services.assignment.handlers.issue_api_key import ISSUED_KEYS
from shared.events.access import ApiKeyUsed
from shared.events.envelope import Event
from shared.store.documents import Changes, Documents, Key


def keys(event: Event[ApiKeyUsed]) -> Sequence[Key]:
    return [Key(ISSUED_KEYS, event.data.key_id)]


def hear_key_use(event: Event[ApiKeyUsed], documents: Documents, now: datetime) -> Changes:
    issued = documents.get(ISSUED_KEYS, event.data.key_id)
    if issued is None:
        return Changes()
    last = issued["last_used_at"]
    if last is not None and last >= event.data.used_at:
        return Changes()
    return Changes(documents=[(ISSUED_KEYS, {**issued, "last_used_at": event.data.used_at})])
