"""What a service announces: a row for each event, committed with what made it true; the relay publishes them."""

from shared import tracing
from shared.events.envelope import Event, encode, type_of
from shared.identifiers import new_id
from shared.store.documents import Announcement, Cause, Document

EVENT_LOG = "event_log"


def log_row(announcement: Announcement, cause: Cause, source: str) -> Document:
    """`cause`: the message or request that was handled, unless the announcement names another."""
    cause = announcement.cause or cause
    event = Event(
        id=new_id(),
        type=type_of(announcement.data),
        source=source,
        subject=announcement.subject,
        time=announcement.time,
        sequence=announcement.sequence,
        data=announcement.data,
        correlation_id=cause.correlation_id,
        causation_id=cause.causation_id,
        traceparent=tracing.next_hop(cause.traceparent),
    )
    row: Document = {
        "_id": event.id,
        "type": event.type,
        "subject": event.subject,
        "sequence": event.sequence,
        "time": event.time,
        "body": encode(event),
    }
    if tracing.is_recording() and cause.traceparent:
        row["parent"] = cause.traceparent  # the relay writes down the event's span
    if announcement.reply_to:
        row["reply_to"] = announcement.reply_to
    return row
