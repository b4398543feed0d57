"""From a submission's type and data to the use case that it asks for."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from marshmallow import Schema, ValidationError

from services.intake import schemas
from services.intake.handlers.close_ticket import CloseTicket, close_ticket
from services.intake.handlers.open_ticket import OpenTicket, open_ticket, open_ticket_keys
from services.intake.handlers.record_requester_reply import RecordRequesterReply, record_requester_reply
from services.intake.handlers.reopen_ticket import ReopenTicket, reopen_ticket
from services.intake.handlers.resolve_ticket import ResolveTicket, resolve_ticket
from services.intake.submissions.envelope import Submission
from services.intake.ticket_repository import TICKETS, external_key, ticket_key
from shared.http.problems import invalid
from shared.http.sizes import refuse_oversized
from shared.identifiers import new_id
from shared.refusals import Invalid, NotFound, Reason
from shared.store.documents import Changes, Documents, Key

Run = Callable[[Documents, datetime], Changes]

SCHEMAS: Mapping[str, Schema] = {
    "ticket.submit": schemas.OpenTicketSchema(),
    "ticket.reply": schemas.SubmittedReplySchema(),
    "ticket.resolve": schemas.SubmittedResolveSchema(),
    "ticket.reopen": schemas.SubmittedReopenSchema(),
    "ticket.close": schemas.SubmittedCloseSchema(),
}


def command_of(submission: Submission, next_number: Callable[[], str]) -> tuple[Run, list[Key]]:
    """What is to be done, and the documents that it needs. Raises Invalid."""
    parts = _validated(submission)
    if submission.type == "ticket.submit":
        command = OpenTicket(ticket_id=new_id(), channel="amqp", actor=submission.actor, **parts)
        return lambda documents, now: open_ticket(command, documents, now, next_number), open_ticket_keys(command)
    key = _key_of_ticket(submission, parts)

    def run(documents: Documents, now: datetime) -> Changes:
        ticket = documents.get(*key)
        if ticket is None:
            field = "ticket_id" if key.field == "_id" else "external_reference"
            reason = Reason(field, "must name a ticket that there is", "Send ticket.submit to open one.")
            raise NotFound("There is no such ticket.", (reason,))
        return _act(ticket["_id"], submission, parts, documents, now, next_number)

    return run, [key]


def _validated(submission: Submission) -> dict[str, Any]:
    if submission.specversion != "1.0":
        reason = Reason("specversion", 'must be "1.0"', "Send CloudEvents 1.0 in structured JSON.")
        raise Invalid("Send CloudEvents 1.0.", (reason,))
    schema = SCHEMAS.get(submission.type)
    if schema is None:
        reason = Reason("type", f"must be one of {', '.join(SCHEMAS)}", "Send one of these types.")
        raise Invalid("There is no such command.", (reason,))
    if not isinstance(submission.data, dict):
        reason = Reason("data", "must be a JSON object", "Send it: it is required.")
        raise Invalid("Send the command's data.", (reason,))
    refuse_oversized(schema, submission.data)
    try:
        parts: dict[str, Any] = schema.load(submission.data)
    except ValidationError as error:
        raise invalid(error) from error
    return parts


def _key_of_ticket(submission: Submission, parts: dict[str, Any]) -> Key:
    if parts["ticket_id"] is not None:
        return ticket_key(str(parts["ticket_id"]))
    return Key(TICKETS, external_key(submission.source, parts["external_reference"]), "external_key")


def _act(
    ticket_id: str,
    submission: Submission,
    parts: dict[str, Any],
    documents: Documents,
    now: datetime,
    next_number: Callable[[], str],
) -> Changes:
    actor = submission.actor
    match submission.type:
        case "ticket.reply":
            reply = RecordRequesterReply(
                ticket_id,
                parts["requester"],
                parts["text"],
                "amqp",
                actor,
                external_reference=parts["external_reference"],
            )
            return record_requester_reply(reply, documents, now, next_number)
        case "ticket.resolve":
            return resolve_ticket(ResolveTicket(ticket_id, parts["resolution"], actor), documents, now)
        case "ticket.reopen":
            return reopen_ticket(ReopenTicket(ticket_id, parts["reason"], actor), documents, now)
        case _:
            return close_ticket(CloseTicket(ticket_id, parts["reason"], actor), documents, now)
