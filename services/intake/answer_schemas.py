"""What intake answers, for the contract: its views are plain functions on documents, this is their description."""

from typing import Any

from marshmallow import Schema, fields

from services.intake.domain.severity import LEVELS, PRIORITIES, SEVERITIES
from services.intake.domain.ticket import STATUSES
from services.intake.limits import one_of
from shared.http.pages import page_of


def _text(**options: Any) -> fields.String:
    return fields.String(required=True, **options)


def _moment(**options: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, **options)


class TicketsRequesterSchema(Schema):
    id = fields.UUID(required=True)
    address = _text()
    name = _text()
    language = _text()
    vip = fields.Boolean(required=True)
    organisation = _text(allow_none=True)


class KnownRequesterSchema(TicketsRequesterSchema):
    links_valid_from = _moment(allow_none=True)
    version = fields.Integer(required=True)


class NamedSchema(Schema):
    id = _text()
    name = _text()


class ShownTargetSchema(Schema):
    target = _text()
    due_at = _moment(allow_none=True)
    state = _text()


class TicketRowSchema(Schema):
    """A ticket in a list."""

    id = fields.UUID(required=True)
    number = _text()
    subject = _text()
    status = one_of(STATUSES, required=True)
    severity = one_of(SEVERITIES, required=True)
    priority = one_of(PRIORITIES, required=True)
    topic = _text()
    created_at = _moment()
    changed_at = _moment()
    tags = fields.List(fields.String(), required=True)
    requester = fields.Nested(TicketsRequesterSchema, required=True)
    assignee = fields.Nested(NamedSchema, required=True, allow_none=True)
    department = fields.Nested(NamedSchema, required=True, allow_none=True)
    assignment_status = one_of(("waiting", "assigned", "released"), required=True, allow_none=True)
    is_overdue = fields.Boolean(required=True, metadata={"description": "A target was missed and is still waited for."})
    targets = fields.List(fields.Nested(ShownTargetSchema), required=True)


class TicketSchema(TicketRowSchema):
    severity_reason = _text()
    is_priority_overridden = fields.Boolean(required=True, metadata={"description": "A triage has set it."})
    escalated_to = one_of(
        PRIORITIES,
        required=True,
        allow_none=True,
        metadata={"description": "What escalations ask for at least, until a triage sets the priority."},
    )
    triage_reason = _text()
    impact = one_of(LEVELS, required=True)
    urgency = one_of(LEVELS, required=True)
    channel = one_of(("http", "amqp", "email"), required=True)
    custom_fields = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    follows = fields.UUID(required=True, allow_none=True)
    resolution = _text(allow_none=True)
    rating = fields.Integer(required=True, allow_none=True)
    version = fields.Integer(required=True)
    external_reference = _text(allow_none=True)
    links_valid_from = _moment(allow_none=True)


class TicketForRequesterSchema(Schema):
    """A ticket as its requester reads it."""

    id = fields.UUID(required=True)
    number = _text()
    subject = _text()
    status = one_of(STATUSES, required=True)
    topic = _text()
    created_at = _moment()
    follows = fields.UUID(required=True, allow_none=True)
    resolution = _text(allow_none=True)
    rating = fields.Integer(required=True, allow_none=True)
    version = fields.Integer(required=True)


class FileForRequesterSchema(Schema):
    id = fields.UUID(required=True)
    name = _text()
    content_type = _text()
    size = fields.Integer(required=True)


class FileSchema(FileForRequesterSchema):
    sha256 = _text()


class AuthorSchema(NamedSchema):
    kind = one_of(("agent", "requester", "integration", "system"), required=True)


class EntrySchema(Schema):
    id = fields.UUID(required=True)
    kind = one_of(("description", "requester_reply", "agent_reply", "note"), required=True)
    author = fields.Nested(AuthorSchema, required=True)
    text = _text()
    at = _moment()
    attachments = fields.List(fields.Nested(FileSchema), required=True)
    raw_mail_id = fields.UUID(required=True, allow_none=True)


class EntryForRequesterSchema(Schema):
    """A thread entry as the requester reads it: no notes, the author by name."""

    id = fields.UUID(required=True)
    kind = one_of(("description", "requester_reply", "agent_reply"), required=True)
    author = _text()
    text = _text()
    at = _moment()
    attachments = fields.List(fields.Nested(FileForRequesterSchema), required=True)


class HopSchema(Schema):
    """Something that happened to a ticket."""

    id = _text()
    time = _moment()
    source = _text()
    type = _text()
    what = _text()
    who = _text()
    why = _text(allow_none=True)
    causation_id = _text(allow_none=True)
    delay_ms = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Since its cause; of a breach, since it was due."}
    )
    heard_at = _moment(allow_none=True)


class TopicAnswerSchema(Schema):
    id = _text()
    name = _text()
    impact = one_of(LEVELS, required=True)
    urgency = one_of(LEVELS, required=True)
    version = fields.Integer(required=True)


class EntranceHolderSchema(Schema):
    id = fields.UUID(required=True)
    address = _text()
    name = _text()


class EntranceSchema(Schema):
    """What a link is worth."""

    token = _text()
    expires_at = _moment()
    ticket_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The only one that it opens."})
    requester = fields.Nested(EntranceHolderSchema, required=True)


class AccessRequestedSchema(Schema):
    detail = _text()


class MailTakenSchema(Schema):
    ticket_id = fields.UUID(required=True)
    number = _text()
    outcome = one_of(("opened", "replied", "repeated", "ignored"), required=True)


TICKET = {"anyOf": [TicketSchema, TicketForRequesterSchema]}
TICKETS = {"anyOf": [page_of(TicketRowSchema), page_of(TicketForRequesterSchema)]}
ENTRIES = {"anyOf": [page_of(EntrySchema), page_of(EntryForRequesterSchema)]}
"""Each as who works on it and as its requester reads it."""
