"""The requester writes again: to a closed ticket that opens a new one, which follows it.

Where the sender named the closed ticket by his own reference, that names the new one from then on (decision 43).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake.domain.refusals import NotTheRequester
from services.intake.domain.ticket import Ticket
from services.intake.entries import ENTRIES, entry
from services.intake.handlers.open_ticket import OpenTicket, open_ticket
from services.intake.ticket_repository import load, save
from shared.events.ticket import Actor
from shared.identifiers import new_id
from shared.refusals import Reason
from shared.store.documents import Changes, Documents


@dataclass(frozen=True)
class RecordRequesterReply:
    """`requester_address` None: whoever the ticket's requester is.

    `external_reference`: the sender's own name for the ticket, if it was that by which he named it.
    `by_machine`: a machine wrote it. `automatic`: so, or it is for many: nobody answers it by machine.
    """

    ticket_id: str
    requester_address: str | None
    text: str
    channel: str
    actor: Actor
    mail_message_id: str | None = None
    automatic: bool = False
    by_machine: bool = False
    attachments: tuple[Mapping[str, Any], ...] = ()  # each {id, name, content_type, size}
    raw_mail_id: str | None = None
    external_reference: str | None = None


def record_requester_reply(
    command: RecordRequesterReply, documents: Documents, now: datetime, next_number: Callable[[], str]
) -> Changes:
    """The answer is the document of the ticket that took the reply.

    Raises NotFound, NotTheRequester; TicketIsClosed for a machine's reply, which opens nothing.
    """
    ticket = load(documents, command.ticket_id)
    if command.requester_address is not None and command.requester_address.lower() != ticket.requester.address:
        reason = Reason("requester", "must be the ticket's own requester", "Leave it out, or open a ticket.")
        raise NotTheRequester("This address is not the ticket's requester.", (reason,))
    if ticket.status == "closed" and not command.by_machine:
        return open_ticket(_follow_up(command, ticket), documents, now, next_number)
    himself = Actor("requester", ticket.requester.id, ticket.requester.name)
    reply = entry(
        ticket.id,
        "requester_reply",
        himself,
        command.text,
        now,
        attachments=command.attachments,
        mail_message_id=command.mail_message_id,
        raw_mail_id=command.raw_mail_id,
    )
    ticket.take_requester_reply(
        reply["_id"],
        command.text,
        command.channel,
        himself if command.actor.kind == "requester" else command.actor,
        now,
        mail_message_id=command.mail_message_id,
        automatic=command.automatic,
        by_machine=command.by_machine,
    )
    return Changes(rows=[(ENTRIES, reply)]) + save(ticket, documents)


def _follow_up(command: RecordRequesterReply, closed: Ticket) -> OpenTicket:
    return OpenTicket(
        ticket_id=new_id(),
        requester_address=closed.requester.address,
        requester_name=closed.requester.name,
        subject=closed.subject,
        text=command.text,
        channel=command.channel,
        actor=command.actor,
        topic=closed.topic,
        external_reference=command.external_reference,
        language=closed.requester.language,
        mail_message_id=command.mail_message_id,
        automatic=command.automatic,
        attachments=command.attachments,
        raw_mail_id=command.raw_mail_id,
        follows=closed.id,
    )
