"""What became of a message to a person: a line of the ticket's timeline."""

from datetime import datetime

from services.intake.timeline import hear
from shared.events.envelope import Event
from shared.events.notify import NotificationFailed, NotificationSent
from shared.store.documents import Changes, Documents


def show_notification(
    event: Event[NotificationSent | NotificationFailed], documents: Documents, now: datetime
) -> Changes:
    return hear(event, event.data.ticket_id, now)
