"""A ticket comes in: one function behind every door.

A requester who is known keeps his name and language.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.intake.brake import Note, first_key, noted
from services.intake.domain.refusals import ExternalReferenceTaken
from services.intake.domain.ticket import Ticket
from services.intake.entries import ENTRIES, entry
from services.intake.requester_repository import REQUESTERS, from_document, known_requester, new_requester
from services.intake.ticket_repository import TICKETS, external_key, saved, to_document
from services.intake.topic_repository import TOPICS, topic_named
from shared.events.ticket import Actor, is_signed_in
from shared.moments import utc_now
from shared.refusals import Reason
from shared.store.documents import Changes, Document, Documents, Key


@dataclass(frozen=True)
class OpenTicket:
    """`impact` and `urgency` None: as the topic says. `channel` is http, amqp or email.

    `remarks` are for agents, above the text in the thread; what is announced, and acknowledged, has the text alone.
    """

    ticket_id: str
    requester_address: str
    requester_name: str
    subject: str
    text: str
    channel: str
    actor: Actor
    topic: str = "general"
    impact: str | None = None
    urgency: str | None = None
    external_reference: str | None = None
    tags: tuple[str, ...] = ()
    custom_fields: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    mail_message_id: str | None = None
    automatic: bool = False
    attachments: tuple[Mapping[str, Any], ...] = ()  # each {id, name, content_type, size}
    raw_mail_id: str | None = None
    follows: str | None = None
    remarks: tuple[str, ...] = ()


def open_ticket_keys(command: OpenTicket) -> list[Key]:
    keys = [
        Key(REQUESTERS, command.requester_address.lower(), "address"),
        Key(TOPICS, command.topic),
        first_key(command.requester_address, utc_now()),  # by the time it runs the hour may be another; that is rare
    ]
    if command.external_reference is not None:
        keys.append(Key(TICKETS, external_key(command.actor.id, command.external_reference), "external_key"))
    return keys


def open_ticket(command: OpenTicket, documents: Documents, now: datetime, next_number: Callable[[], str]) -> Changes:
    """The answer is the ticket's document. Raises UnknownTopic, ExternalReferenceTaken.

    A ticket that follows the one which its reference names takes the reference over.
    """
    topic = topic_named(command.topic, documents)
    freed = _freed_reference(command, documents)
    known = known_requester(command.requester_address, documents)
    row = known or new_requester(command.requester_address, command.requester_name, command.language, now)
    note = _note(command, row, documents, now)
    requester = from_document(row)
    ticket = Ticket(
        id=command.ticket_id,
        number=next_number(),
        subject=command.subject,
        requester=requester,
        topic=topic.id,
        impact=command.impact or topic.impact,
        urgency=command.urgency or topic.urgency,
        channel=command.channel,
        created_at=now,
        changed_at=now,
        tags=command.tags,
        custom_fields=dict(command.custom_fields),
        external_reference=command.external_reference,
        follows=command.follows,
        mail_message_id=command.mail_message_id,
    )
    himself = Actor("requester", requester.id, requester.name)
    description = entry(
        ticket.id,
        "description",
        himself,
        "\n\n".join([*command.remarks, command.text]),
        now,
        attachments=command.attachments,
        mail_message_id=command.mail_message_id,
        raw_mail_id=command.raw_mail_id,
    )
    actor = himself if command.actor.kind == "requester" else command.actor  # a mail's names are its sender's fancy
    ticket.arrive(description["_id"], command.text, actor, now, automatic=command.automatic or note.is_too_much)
    document = {**to_document(ticket), **note.on_ticket}
    if command.external_reference is not None:
        document["external_key"] = external_key(command.actor.id, command.external_reference)
    if command.actor.kind == "agent":
        document["opened_by"] = command.actor.id
    requesters = [(REQUESTERS, {**row, **note.on_requester})] if known is None or note.on_requester else []
    return freed + Changes(documents=requesters, rows=[(ENTRIES, description)]) + saved(ticket, document)


def _note(command: OpenTicket, requester: Document, documents: Documents, now: datetime) -> Note:
    """Who is signed in is not braked, and what nobody answers anyway not counted."""
    is_free = command.automatic or is_signed_in(command.actor, command.channel)
    return Note() if is_free else noted(requester, documents, now)


def _freed_reference(command: OpenTicket, documents: Documents) -> Changes:
    """The followed ticket is no longer found by the reference, and goes on showing it: it was opened under it."""
    if command.external_reference is None:
        return Changes()
    named = documents.get(TICKETS, external_key(command.actor.id, command.external_reference), "external_key")
    if named is None:
        return Changes()
    if named["_id"] != command.follows:
        reason = Reason("external_reference", f"names ticket {named['number']}", "Send another, or reply to that one.")
        raise ExternalReferenceTaken(f"This reference names ticket {named['number']} already.", (reason,))
    followed = {name: value for name, value in named.items() if name != "external_key"}
    return Changes(documents=[(TICKETS, followed)])
