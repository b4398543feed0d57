"""What becomes of a mail: a ticket, a reply, or nothing when it was here before.

A mail is never an authentication. It may write into a ticket only by a reference that we signed *and* from the
address of the ticket's requester; with the reference alone (a forwarded mail is enough to have it) it opens a ticket of
its own. A machine's opens nothing then: it is a bounce or an absence note, and a ticket would be told of by the next
mail that bounces.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake.handlers.open_ticket import OpenTicket, open_ticket, open_ticket_keys
from services.intake.handlers.record_requester_reply import RecordRequesterReply, record_requester_reply
from services.intake.mail.parsed_mail import ParsedMail
from services.intake.ticket_repository import TICKETS
from services.intake.timeline import keep_apart
from shared.events.ticket import Actor
from shared.identifiers import new_id
from shared.mail_reference import ticket_of
from shared.store.documents import Changes, Document, Documents, Key

MAILS = "mails"
UNKNOWN_SENDER = "unknown-sender@mail.invalid"  # .invalid reaches nobody (RFC 2606): an answer can't start a loop
UNREADABLE = ParsedMail(
    sender=None,
    sender_name="",
    from_field="",
    subject="(mail that could not be read)",
    message_id=None,
    references="",
    by_machine=False,
    automatic=True,
    text="This mail could not be read. It is attached as it came.",
    reply="",
    files=(),
)

Attachment = Mapping[str, Any]  # {id, name, content_type, size, sha256}


@dataclass(frozen=True)
class ReceivedMail:
    id: str  # sha256 of the bytes
    raw_mail_id: str
    mail: ParsedMail
    attachments: tuple[Attachment, ...]
    fingerprint: str  # the same for the same mail that came by another way
    about: str | None  # the ticket that a reference of ours names
    is_ours: bool  # we sent it, and it came back


def received(
    mail_id: str, raw_mail_id: str, mail: ParsedMail, attachments: tuple[Attachment, ...], secret: str
) -> ReceivedMail:
    said = (mail.message_id, mail.sender, mail.subject, mail.text, *(a["sha256"] for a in attachments))
    fingerprint = hashlib.sha256(repr(said).encode()).hexdigest() if mail.message_id else mail_id
    own = ticket_of(mail.message_id or "", secret)
    about = own or ticket_of(mail.references, secret)
    return ReceivedMail(mail_id, raw_mail_id, mail, attachments, fingerprint, about, own is not None)


def receive_mail_keys(received: ReceivedMail) -> list[Key]:
    keys = [Key(MAILS, received.id), Key(MAILS, received.fingerprint, "fingerprint")]
    if received.about:
        keys.append(Key(TICKETS, received.about))
    return keys + open_ticket_keys(_opening(received, None))


def receive_mail(
    received: ReceivedMail, documents: Documents, now: datetime, next_number: Callable[[], str]
) -> Changes:
    """The answer is {ticket_id, number, outcome}; outcome is opened, replied, repeated or ignored."""
    known = documents.get(MAILS, received.id) or documents.get(MAILS, received.fingerprint, "fingerprint")
    if known is not None:
        return Changes(answer=repeated(known))
    ticket = documents.get(TICKETS, received.about) if received.about else None
    ignored_because = _why_ignored(received, ticket) if ticket is not None else None
    if ticket is not None and ignored_because is not None:
        kept = _kept(received, ticket, "ignored", now)
        return kept + keep_apart(received.id, ticket["_id"], received.mail.from_field, ignored_because, now)
    if ticket is not None and _is_from_requester(received.mail, ticket):
        changes = record_requester_reply(_reply(received, ticket["_id"]), documents, now, next_number)
    else:
        changes = open_ticket(_opening(received, ticket), documents, now, next_number)
    took = changes.answer
    outcome = "replied" if ticket is not None and took["_id"] == ticket["_id"] else "opened"
    return changes + _kept(received, took, outcome, now)


def repeated(known: Document) -> dict[str, str]:
    return {"ticket_id": known["ticket_id"], "number": known["number"], "outcome": "repeated"}


def _why_ignored(received: ReceivedMail, ticket: Document) -> str | None:
    """None for a mail that is not. The rest is our own, or was sent because of a mail that we sent."""
    if received.is_ours:
        return "our own mail came back"
    if received.mail.by_machine and not _is_from_requester(received.mail, ticket):
        return "a machine's, and not the requester's: a bounce or an absence note"
    if received.mail.by_machine and ticket["status"] == "closed":
        return "a machine's, and the ticket is closed"
    return None


def _is_from_requester(mail: ParsedMail, ticket: Document) -> bool:
    return mail.sender is not None and mail.sender.lower() == ticket["requester"]["address"]


def _kept(received: ReceivedMail, ticket: Document, outcome: str, now: datetime) -> Changes:
    row = {
        "_id": received.id,
        "fingerprint": received.fingerprint,
        "message_id": received.mail.message_id,
        "from": received.mail.from_field,
        "raw_mail_id": received.raw_mail_id,
        "ticket_id": ticket["_id"],
        "number": ticket["number"],
        "outcome": outcome,
        "received_at": now,
    }
    answer = {"ticket_id": ticket["_id"], "number": ticket["number"], "outcome": outcome}
    return Changes(documents=[(MAILS, row)], answer=answer)


def _reply(received: ReceivedMail, ticket_id: str) -> RecordRequesterReply:
    mail = received.mail
    return RecordRequesterReply(
        ticket_id=ticket_id,
        requester_address=mail.sender,
        text=mail.reply or "(This mail has no text.)",
        channel="email",
        actor=_actor(mail),
        mail_message_id=mail.message_id,
        automatic=mail.automatic,
        by_machine=mail.by_machine,
        attachments=received.attachments,
        raw_mail_id=received.raw_mail_id,
    )


def _opening(received: ReceivedMail, possibly_about: Document | None) -> OpenTicket:
    mail = received.mail
    return OpenTicket(
        ticket_id=new_id(),
        requester_address=mail.sender or UNKNOWN_SENDER,
        requester_name=mail.sender_name or (mail.sender or "Unknown sender").split("@")[0],
        subject=mail.subject or "(no subject)",
        text=mail.text or "(This mail has no text.)",
        channel="email",
        actor=_actor(mail),
        mail_message_id=mail.message_id,
        automatic=mail.automatic or mail.sender is None,  # nobody to answer
        attachments=received.attachments,
        raw_mail_id=received.raw_mail_id,
        remarks=tuple(_remarks(mail, possibly_about)),
    )


def _remarks(mail: ParsedMail, possibly_about: Document | None) -> list[str]:
    """What the agent should know before reading, in square brackets above the text."""
    remarks = []
    if mail.sender is None and mail is not UNREADABLE:
        remarks.append(f"[The sender is not known: From {mail.from_field!r} does not name exactly one address.]")
    if possibly_about is not None:
        number = possibly_about["number"]
        remarks.append(f"[This answers a mail about ticket {number}, but comes from somebody else than its requester.]")
    return remarks


def _actor(mail: ParsedMail) -> Actor:
    return Actor("requester", mail.sender or UNKNOWN_SENDER, mail.sender_name)
