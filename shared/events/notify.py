"""What notify announces: what became of each message to a person."""

from dataclasses import dataclass

from shared.events import access


@dataclass(frozen=True)
class NotificationSent:
    """A message was handed over for delivery."""

    delivery_id: str
    ticket_id: str
    message: str  # the folder of its templates, e.g. ticket_received
    recipient: str
    channel: str
    mail_message_id: str
    attempts: int
    certain: bool = True  # False: resent after an attempt whose outcome is unknown


@dataclass(frozen=True)
class NotificationFailed:
    """A message could not be delivered, and is not tried again."""

    delivery_id: str
    ticket_id: str
    message: str
    recipient: str
    channel: str
    reason: str
    attempts: int


TYPES: dict[str, type] = {
    "notification.sent": NotificationSent,
    "notification.failed": NotificationFailed,
    **access.EVERYBODYS,
}
