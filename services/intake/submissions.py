"""Commands from outside, by AMQP: each ends as exactly one effect per (source, id), for ever, or as a refusal.

Both verdicts are kept, announced, and sent to `reply_to`. What can't even be read as a CloudEvent with a source and an
id raises SubmissionUnreadable, and the worker parks it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from marshmallow import Schema, ValidationError

from services.intake.handlers.close_ticket import CloseTicket, close_ticket
from services.intake.handlers.open_ticket import OpenTicket, open_ticket, open_ticket_keys
from services.intake.handlers.record_requester_reply import RecordRequesterReply, record_requester_reply
from services.intake.handlers.reopen_ticket import ReopenTicket, reopen_ticket
from services.intake.handlers.resolve_ticket import ResolveTicket, resolve_ticket
from services.intake.schemas import (
    OpenTicketSchema,
    SubmittedCloseSchema,
    SubmittedReopenSchema,
    SubmittedReplySchema,
    SubmittedResolveSchema,
)
from services.intake.ticket_repository import TICKETS, external_key, ticket_key
from services.intake.verdicts import SUBMISSIONS, accepted, answered_again, rejected
from shared.events.ticket import Actor
from shared.http.problems import invalid
from shared.identifiers import new_id
from shared.messaging.consumer import Delivery
from shared.refusals import Invalid, NotFound, Reason, Refusal
from shared.store.documents import Cause, Changes, Documents, Key
from shared.store.unit_of_work import Work

MAX_BYTES = 1024 * 1024
_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,255}")
_SOURCE = re.compile(r"[^\s\x00-\x1f\x7f]{1,255}")
_REPLY_QUEUE = re.compile(r"(reply\.|amq\.gen-|amq\.rabbitmq\.reply-to)[^\s\x00]{0,200}")
_SCHEMAS: Mapping[str, Schema] = {
    "ticket.submit": OpenTicketSchema(),
    "ticket.reply": SubmittedReplySchema(),
    "ticket.resolve": SubmittedResolveSchema(),
    "ticket.reopen": SubmittedReopenSchema(),
    "ticket.close": SubmittedCloseSchema(),
}

Run = Callable[[Documents, datetime], Changes]


class SubmissionUnreadable(ValueError):
    """No CloudEvent, or one that nobody could be answered about."""


@dataclass(frozen=True)
class Submission:
    source: str
    id: str
    type: str
    envelope: dict[str, Any]
    reply_to: str | None

    @property
    def row(self) -> str:
        return f"{self.source} {self.id}"

    @property
    def actor(self) -> Actor:
        return Actor("integration", self.source, self.source)


def reader(next_number: Callable[[], str]) -> Callable[[Delivery], Work]:
    """What turns a delivery of the queue `intake.submissions` into work."""

    def read(delivery: Delivery) -> Work:
        submission = parse(delivery.body, delivery.properties.reply_to)
        cause = Cause(submission.row, submission.row, _trace(submission.envelope))
        keys = [Key(SUBMISSIONS, submission.row)]
        try:
            run, more = _command(submission, next_number)
        except Refusal as refusal:
            return Work(_judged(submission, _raiser(refusal)), cause, keys)
        return Work(_judged(submission, run), cause, keys + more)

    return read


def parse(body: bytes, reply_to: str | None) -> Submission:
    if len(body) > MAX_BYTES:
        raise SubmissionUnreadable(f"{len(body)} bytes, {MAX_BYTES} are allowed")
    try:
        envelope = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise SubmissionUnreadable(f"not JSON: {error}") from error
    if not isinstance(envelope, dict):
        raise SubmissionUnreadable("not a JSON object")
    return Submission(
        source=_matching(_SOURCE, envelope, "source"),
        id=_matching(_NAME, envelope, "id"),
        type=_matching(_NAME, envelope, "type"),
        envelope=envelope,
        reply_to=reply_to if reply_to and _REPLY_QUEUE.fullmatch(reply_to) else None,
    )


def _matching(pattern: re.Pattern[str], envelope: dict[str, Any], name: str) -> str:
    value = envelope.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise SubmissionUnreadable(f"{name} must be a text of 1 to 255 characters without control characters")
    return value


def _trace(envelope: dict[str, Any]) -> str | None:
    trace = envelope.get("traceparent")
    return trace if isinstance(trace, str) and _SOURCE.fullmatch(trace) else None


def _judged(submission: Submission, run: Run) -> Run:
    """Runs it unless its verdict is known. A refusal becomes the verdict."""

    def judged(documents: Documents, now: datetime) -> Changes:
        known = documents.get(SUBMISSIONS, submission.row)
        if known is not None:
            return answered_again(known, submission.reply_to, now) if submission.reply_to else Changes()
        reference = _reference(submission)
        source, name, kind, reply_to = submission.source, submission.id, submission.type, submission.reply_to
        try:
            changes = run(documents, now)
        except Refusal as refusal:
            return rejected(source, name, kind, refusal, reference, reply_to, now)
        return changes + accepted(source, name, kind, changes.answer, reference, reply_to, now)

    return judged


def _reference(submission: Submission) -> str | None:
    data = submission.envelope.get("data")
    reference = data.get("external_reference") if isinstance(data, dict) else None
    return reference if isinstance(reference, str) and _NAME.fullmatch(reference) else None


def _raiser(refusal: Refusal) -> Run:
    def refuse(documents: Documents, now: datetime) -> Changes:
        raise refusal

    return refuse


def _command(submission: Submission, next_number: Callable[[], str]) -> tuple[Run, list[Key]]:
    """What is to be done, and the documents that it needs. Raises Invalid."""
    if submission.envelope.get("specversion") != "1.0":
        reason = Reason("specversion", 'must be "1.0"', "Send CloudEvents 1.0 in structured JSON.")
        raise Invalid("Send CloudEvents 1.0.", (reason,))
    schema = _SCHEMAS.get(submission.type)
    if schema is None:
        reason = Reason("type", f"must be one of {', '.join(_SCHEMAS)}", "Send one of these types.")
        raise Invalid("There is no such command.", (reason,))
    data = submission.envelope.get("data")
    if not isinstance(data, dict):
        raise Invalid(
            "Send the command's data.", (Reason("data", "must be a JSON object", "Send it: it is required."),)
        )
    try:
        parts = schema.load(data)
    except ValidationError as error:
        raise invalid(error) from error
    if submission.type == "ticket.submit":
        command = OpenTicket(ticket_id=new_id(), channel="amqp", actor=submission.actor, **parts)
        return lambda documents, now: open_ticket(command, documents, now, next_number), open_ticket_keys(command)
    return _on_a_ticket(submission, parts, next_number)


def _on_a_ticket(
    submission: Submission, parts: dict[str, Any], next_number: Callable[[], str]
) -> tuple[Run, list[Key]]:
    actor = submission.actor
    if parts["ticket_id"] is not None:
        key = ticket_key(str(parts["ticket_id"]))
    else:
        key = Key(TICKETS, external_key(submission.source, parts["external_reference"]), "external_key")

    def run(documents: Documents, now: datetime) -> Changes:
        ticket = documents.get(*key)
        if ticket is None:
            field = "ticket_id" if key.field == "_id" else "external_reference"
            reason = Reason(field, "must name a ticket that there is", "Send ticket.submit to open one.")
            raise NotFound("There is no such ticket.", (reason,))
        ticket_id = ticket["_id"]
        if submission.type == "ticket.reply":
            reply = RecordRequesterReply(ticket_id, parts["requester"], parts["text"], "amqp", actor)
            return record_requester_reply(reply, documents, now, next_number)
        if submission.type == "ticket.resolve":
            return resolve_ticket(ResolveTicket(ticket_id, parts["resolution"], actor), documents, now)
        if submission.type == "ticket.reopen":
            return reopen_ticket(ReopenTicket(ticket_id, parts["reason"], actor), documents, now)
        return close_ticket(CloseTicket(ticket_id, parts["reason"], actor), documents, now)

    return run, [key]
