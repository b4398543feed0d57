"""An event is heard: for each person whom a rule names, a delivery is written, rendered and waiting for a sender.

A delivery's id is made of the event, the message, the person and the channel, and is kept for ever: an event that comes
again, even after the inbox has forgotten it, finds the delivery there and changes nothing.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from services.notify import links
from services.notify.delivery_repository import DELIVERIES, to_document
from services.notify.domain.delivery import Delivery, Letter
from services.notify.domain.rules import RULES_OF, Recipient, Rule
from services.notify.mail_address import sender
from services.notify.rendering import render
from services.notify.settings import Letterhead, letterhead
from shared.events.envelope import Event
from shared.events.ticket import TicketSnapshot
from shared.mail_reference import message_id
from shared.store.documents import Changes, Documents, Key

CHANNEL = "email"
_MESSAGE_ID = re.compile(r"<(?!\S*=\?)[!-;=?-~]{1,250}>")  # and no encoded word, which would be decoded


def keys(event: Event[Any]) -> Sequence[Key]:
    return [Key(DELIVERIES, name) for name, _, _ in _planned(event)]


def write_messages(event: Event[Any], documents: Documents, now: datetime) -> Changes:
    head = letterhead()
    own_address = _address_in(head.mail_from)
    return Changes(
        documents=[
            (DELIVERIES, to_document(_delivery(event, name, rule, recipient, head, now)))
            for name, rule, recipient in _planned(event)
            if recipient.address.lower() != own_address and documents.get(DELIVERIES, name) is None
        ]
    )


@cache
def _address_in(mail_from: str) -> str:
    return sender(mail_from).addr_spec.lower()


def _planned(event: Event[Any]) -> Iterator[tuple[str, Rule, Recipient]]:
    for rule in RULES_OF[event.type]:
        for recipient in rule.recipients(event.data):
            yield f"{event.id}:{rule.message}:{recipient.id}:{CHANNEL}", rule, recipient


def _delivery(
    event: Event[Any], name: str, rule: Rule, recipient: Recipient, head: Letterhead, now: datetime
) -> Delivery:
    ticket: TicketSnapshot | None = getattr(event.data, "ticket", None)
    link = rule.link(event.data, event.time) if rule.link else None
    link_mark = links.mark(name, head.link_secret) if link else ""
    url = links.unsigned(link, link_mark, head.public_url) if link else ""
    subject, text, html = render(rule, event.data, recipient, url, head)
    answered = _answered(event.data) if rule.is_answerable else None
    return Delivery(
        id=name,
        event_id=event.id,
        correlation_id=event.correlation_id,
        traceparent=event.traceparent,
        message=rule.message,
        channel=CHANNEL,
        ticket_id=ticket.id if ticket else None,
        ticket_number=ticket.number if ticket else None,
        recipient=recipient,
        letter=Letter(
            subject=subject,
            text=text,
            html=html,
            message_id=_message_id(ticket, name, head),
            in_reply_to=answered,
            references=_thread(ticket, recipient, answered, head),
            auto_submitted=rule.auto_submitted,
            link=link,
            link_mark=link_mark,
        ),
        created_at=now,
        due_at=now,
    )


def _message_id(ticket: TicketSnapshot | None, name: str, head: Letterhead) -> str:
    """The same for the same delivery, every time. Only one that names a ticket brings an answer to it."""
    if ticket is None:
        return f"<{hashlib.sha256(name.encode()).hexdigest()[:32]}@{head.mail_domain}>"
    return message_id(ticket.id, name, head.mail_secret, head.mail_domain)


def _thread(
    ticket: TicketSnapshot | None, recipient: Recipient, answered: str | None, head: Letterhead
) -> tuple[str, ...]:
    if ticket is None:
        return ()
    first = message_id(ticket.id, f"{ticket.id}:{recipient.id}", head.mail_secret, head.mail_domain)
    return (first, answered) if answered else (first,)


def _answered(data: Any) -> str | None:
    """The Message-ID of the requester's own mail; a stranger made it, so only one of the usual form counts."""
    found: str | None = data.mail_message_id
    return found if found and _MESSAGE_ID.fullmatch(found) else None
