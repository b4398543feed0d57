"""The last word on a delivery: `notification.sent` or `notification.failed`.

A mail about no ticket (an invitation, a link that was asked for) is announced to nobody: who listens is no one to know
whom the desk lets in, and every hearer looks for the ticket. What became of it stands in the delivery.
"""

from dataclasses import replace
from datetime import datetime

from services.notify.delivery_repository import DELIVERIES, to_document
from services.notify.domain.delivery import Delivery
from shared.events.notify import NotificationFailed, NotificationSent
from shared.store.documents import Announcement, Cause, Changes


def announced(delivery: Delivery, now: datetime) -> Changes:
    """The delivery one announcement further, and the announcement; where it is about no ticket the delivery alone."""
    if delivery.ticket_id is None:
        return Changes(documents=[(DELIVERIES, to_document(delivery))])
    time = max(now, delivery.announced_at or now)
    after = replace(delivery, version=delivery.version + 1, announced_at=time)
    cause = Cause(delivery.correlation_id, delivery.event_id, delivery.traceparent)
    announcement = Announcement(_data(delivery, delivery.ticket_id), delivery.id, after.version, time, cause)
    return Changes(documents=[(DELIVERIES, to_document(after))], events=[announcement])


def _data(delivery: Delivery, ticket_id: str) -> NotificationSent | NotificationFailed:
    if delivery.state == "sent":
        return NotificationSent(
            delivery_id=delivery.id,
            ticket_id=ticket_id,
            message=delivery.message,
            recipient=delivery.recipient.address,
            channel=delivery.channel,
            mail_message_id=delivery.letter.message_id,
            attempts=delivery.attempts,
            certain=delivery.doubts == 0,
        )
    return NotificationFailed(
        delivery_id=delivery.id,
        ticket_id=ticket_id,
        message=delivery.message,
        recipient=delivery.recipient.address,
        channel=delivery.channel,
        reason=delivery.reason,
        attempts=delivery.attempts,
    )
