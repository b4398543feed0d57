"""What strangers may send: strict types, known fields only."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.intake.domain.severity import LEVELS, PRIORITIES, SEVERITIES
from services.intake.domain.ticket import STATUSES
from services.intake.limits import address, custom_fields, language, line, one_of, tags, text, written_as
from shared.http.pages import PageSchema
from shared.http.switch import Switch


class RequesterSchema(Schema):
    address = address(required=True)
    name = line(200, load_default=str)


class OpenTicketSchema(Schema):
    """The data of `ticket.submit`."""

    requester = fields.Nested(RequesterSchema, required=True)
    subject = line(300, required=True)
    text = text(100_000, required=True)
    topic = line(64, load_default="general")
    impact = one_of(LEVELS, load_default=None)
    urgency = one_of(LEVELS, load_default=None)
    external_reference = line(200, load_default=None)
    tags = tags(load_default=list)
    custom_fields = custom_fields(load_default=dict)
    language = language(load_default="en")

    @post_load
    def as_parts(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The fields of OpenTicket that a sender may choose."""
        requester = data.pop("requester", None)
        if requester is not None:
            data["requester_address"], data["requester_name"] = requester["address"], requester["name"]
        return {**data, "tags": tuple(dict.fromkeys(data["tags"]))}


class PostTicketSchema(OpenTicketSchema):
    """The body of POST /v1/tickets."""

    requester = fields.Nested(
        RequesterSchema, metadata={"description": "Required from all but a requester, who asks for himself."}
    )


class ReplySchema(Schema):
    text = text(100_000, required=True)
    sender = one_of(
        ("agent", "requester"),
        data_key="as",
        load_default=None,
        metadata={"description": "Who replies; only an API key, which is neither, needs to say requester."},
    )
    requester = address(load_default=None)


class NoteSchema(Schema):
    text = text(100_000, required=True)


class WithReasonSchema(Schema):
    reason = text(1000, required=True)


class CloseSchema(Schema):
    reason = text(1000, load_default=str)


class ResolveSchema(Schema):
    resolution = text(4000, required=True)


class RatingSchema(Schema):
    score = fields.Integer(strict=True, required=True, validate=validate.Range(1, 5))
    comment = text(1000, load_default=str)


class TriageSchema(Schema):
    reason = text(1000, required=True)
    impact = one_of(LEVELS)
    urgency = one_of(LEVELS)
    topic = line(64)
    priority = one_of(PRIORITIES)

    @validates_schema
    def _something(self, data: dict[str, Any], **_: Any) -> None:
        if len(data) < 2:
            raise ValidationError("Must change one of impact, urgency, topic, priority.")


class EditSchema(Schema):
    subject = line(300)
    tags = tags()
    custom_fields = custom_fields()

    @post_load
    def _settled(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "tags": tuple(dict.fromkeys(data["tags"]))} if "tags" in data else data


class TopicSchema(Schema):
    name = line(200, required=True)
    impact = one_of(LEVELS, required=True)
    urgency = one_of(LEVELS, required=True)


class ChangeRequesterSchema(Schema):
    name = line(200)
    language = language()
    vip = Switch()
    organisation = line(200, allow_none=True)


class AccessSchema(Schema):
    address = address(required=True)


def _statuses(value: str) -> None:
    if not set(value.split(",")) <= set(STATUSES):
        raise ValidationError(f"Must be of {', '.join(STATUSES)}, several with commas between.")


class TicketListSchema(PageSchema):
    number = written_as("[0-9]{1,12}")
    status = fields.String(validate=_statuses)
    severity = one_of(SEVERITIES)
    priority = one_of(PRIORITIES)
    department = line(64)
    assignee = line(64)
    topic = line(64)
    requester = address()
    overdue = one_of(("true",))
    sort = one_of(("newest", "oldest"), load_default="newest")


class RequesterListSchema(PageSchema):
    address = address()


class _AddressedSchema(Schema):
    """A submission names its ticket by our id, or by the sender's own reference."""

    ticket_id = fields.UUID(load_default=None)
    external_reference = line(200, load_default=None)

    @validates_schema
    def _one_name(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("ticket_id") is None) == (data.get("external_reference") is None):
            raise ValidationError("Name the ticket by either ticket_id or external_reference.", "ticket_id")


class SubmittedReplySchema(_AddressedSchema):
    text = text(100_000, required=True)
    requester = address(load_default=None)


class SubmittedResolveSchema(_AddressedSchema):
    resolution = text(4000, required=True)


class SubmittedReopenSchema(_AddressedSchema):
    reason = text(1000, required=True)


class SubmittedCloseSchema(_AddressedSchema):
    reason = text(1000, load_default=str)
