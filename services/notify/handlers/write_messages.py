"""An event is heard: for each person whom a rule names, a delivery is written, rendered and waiting for a sender.

A delivery's id is made of the event, the message, the person and the channel, and is kept for ever: an event that comes
again, even after the inbox has forgotten it, finds the delivery there and changes nothing.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from services.notify.delivery_repository import DELIVERIES, to_document
from services.notify.domain.delivery import Delivery, Letter
from services.notify.domain.rules import RULES_OF, Recipient, Rule
from services.notify.rendering import render
from services.notify.settings import Letterhead, letterhead
from shared.events.envelope import Event
from shared.mail_reference import message_id
from shared.store.documents import Changes, Documents, Key

CHANNEL = "email"
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")


def keys(event: Event[Any]) -> Sequence[Key]:
    return [Key(DELIVERIES, name) for name, _, _ in _planned(event)]


def write_messages(event: Event[Any], documents: Documents, now: datetime) -> Changes:
    head = letterhead()
    own_address = parseaddr(head.mail_from)[1].lower()
    return Changes(
        documents=[
            (DELIVERIES, to_document(_delivery(event, name, rule, recipient, head, now)))
            for name, rule, recipient in _planned(event)
            if recipient.address.lower() != own_address and documents.get(DELIVERIES, name) is None
        ]
    )


def _planned(event: Event[Any]) -> Iterator[tuple[str, Rule, Recipient]]:
    for rule in RULES_OF[event.type]:
        for recipient in rule.recipients(event.data):
            yield f"{event.id}:{rule.message}:{recipient.id}:{CHANNEL}", rule, recipient


def _delivery(
    event: Event[Any], name: str, rule: Rule, recipient: Recipient, head: Letterhead, now: datetime
) -> Delivery:
    ticket = event.data.ticket
    subject, text, html = render(rule, event.data, recipient, head)
    answered = _answered(event.data) if rule.is_to_requester else None
    thread = message_id(ticket.id, f"{ticket.id}:{recipient.id}", head.mail_secret, head.mail_domain)
    return Delivery(
        id=name,
        event_id=event.id,
        correlation_id=event.correlation_id,
        traceparent=event.traceparent,
        message=rule.message,
        channel=CHANNEL,
        ticket_id=ticket.id,
        ticket_number=ticket.number,
        recipient=recipient,
        letter=Letter(
            subject=subject,
            text=text,
            html=html,
            message_id=message_id(ticket.id, name, head.mail_secret, head.mail_domain),
            in_reply_to=answered,
            references=(thread, answered) if answered else (thread,),
            auto_submitted=rule.auto_submitted,
        ),
        created_at=now,
        due_at=now,
        tried_since=now,
    )


def _answered(data: Any) -> str | None:
    """The Message-ID of the requester's own mail; a stranger made it, so only one of the usual form counts."""
    found: str | None = data.mail_message_id
    return found if found and _MESSAGE_ID.fullmatch(found) else None
