"""What this service announced itself, at its HTTP door or in its worker, heard so that the queue is looked at again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.assignment.assignment_repository import ASSIGNMENTS, load, stored
from services.assignment.domain.assignment import WAITING, Heard
from shared.events.envelope import Event
from shared.store.documents import Changes, Documents, Key


def ticket_keys(event: Event[Any]) -> Sequence[Key]:
    return [Key(ASSIGNMENTS, event.subject)]


def no_keys(event: Event[Any]) -> Sequence[Key]:
    return []


def hear_own_ticket(event: Event[Any], documents: Documents, now: datetime) -> Changes:
    """A ticket that was put back is looked at once more; what becomes of it was caused by this."""
    assignment = load(documents, event.subject)
    if assignment is None or assignment.state != WAITING or assignment.version != event.sequence:
        return Changes()
    return Changes(documents=[stored(assignment.but(heard=Heard.of(event)))])


def look_again(event: Event[Any], documents: Documents, now: datetime) -> Changes:
    """Nothing to write: `allocate_waiting` sees the event and looks at its departments."""
    return Changes()
