"""What strangers may send: strict types, known fields only, bounded lengths.

The bounds keep every event under its 64 KiB: the snapshot travels with each.
"""

import re
from typing import Any

import orjson
from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.intake.domain.severity import LEVELS, PRIORITIES, SEVERITIES
from services.intake.domain.ticket import STATUSES
from shared.refusals import NotFound

CUSTOM_FIELDS_BYTES = 16_000
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_CONTROLS_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ADDRESS = re.compile(r"[^\s@<>(),;:\"\[\]\\\x00-\x1f\x7f]{1,64}@[^\s@<>(),;:\"\[\]\\\x00-\x1f\x7f]{1,252}")


def _one_line(value: str) -> None:
    if _CONTROLS.search(value):
        raise ValidationError("Must be one line without control characters.")
    if not value.strip():
        raise ValidationError("Must not be blank.")


def _many_lines(value: str) -> None:
    if _CONTROLS_IN_TEXT.search(value):
        raise ValidationError("Must have no control characters but tab and line break.")
    if not value.strip():
        raise ValidationError("Must not be blank.")


def _address(value: str) -> None:
    if len(value) > 254 or not _ADDRESS.fullmatch(value):
        raise ValidationError("Must be a mail address of at most 254 characters.")


def _small(value: dict[str, str]) -> None:
    if len(value) > 50:
        raise ValidationError("At most 50 fields.")
    if len(orjson.dumps(value)) > CUSTOM_FIELDS_BYTES:
        raise ValidationError(f"At most {CUSTOM_FIELDS_BYTES} bytes as JSON, all fields together.")


def line(longest: int, **options: Any) -> fields.String:
    return fields.String(validate=[validate.Length(1, longest), _one_line], **options)


def text(longest: int, **options: Any) -> fields.String:
    return fields.String(validate=[validate.Length(1, longest), _many_lines], **options)


def one_of(names: tuple[str, ...], **options: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(names), **options)


def address(**options: Any) -> fields.String:
    return fields.String(validate=_address, **options)


def language(**options: Any) -> fields.String:
    return fields.String(validate=validate.Regexp(r"[a-z]{2,3}(-[A-Z]{2})?\Z"), **options)


def tags(**options: Any) -> fields.List[str]:
    return fields.List(line(50), validate=validate.Length(max=20), **options)


def custom_fields(**options: Any) -> fields.Dict:
    name = fields.String(validate=validate.Regexp(r"[A-Za-z0-9_][A-Za-z0-9_ -]{0,99}\Z"))
    value = fields.String(validate=[validate.Length(max=1000), validate.ContainsNoneOf("\x00")])
    return fields.Dict(keys=name, values=value, validate=_small, **options)


class RequesterSchema(Schema):
    address = address(required=True)
    name = line(200, load_default="")


class OpenTicketSchema(Schema):
    """The body of POST /v1/tickets and the data of `ticket.submit`."""

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
        requester = data.pop("requester")
        return {
            **data,
            "tags": tuple(dict.fromkeys(data["tags"])),
            "requester_address": requester["address"],
            "requester_name": requester["name"],
        }


class ReplySchema(Schema):
    text = text(100_000, required=True)
    sender = one_of(("agent", "requester"), data_key="as", load_default="agent")
    requester = address(load_default=None)


class NoteSchema(Schema):
    text = text(100_000, required=True)


class ReasonSchema(Schema):
    reason = text(1000, required=True)


class CloseSchema(Schema):
    reason = text(1000, load_default="")


class ResolveSchema(Schema):
    resolution = text(4000, required=True)


class RatingSchema(Schema):
    score = fields.Integer(strict=True, required=True, validate=validate.Range(1, 5))
    comment = text(1000, load_default="")


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
    vip = fields.Boolean(truthy={True}, falsy={False})
    organisation = line(200, allow_none=True)


class PageSchema(Schema):
    limit = fields.Integer(load_default=25, validate=validate.Range(1, 100))
    cursor = fields.String(load_default=None, validate=validate.Length(1, 200))


def _statuses(value: str) -> None:
    if not set(value.split(",")) <= set(STATUSES):
        raise ValidationError(f"Must be of {', '.join(STATUSES)}, several with commas between.")


class TicketListSchema(PageSchema):
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
    reason = text(1000, load_default="")


def slug(value: str) -> str:
    """An id chosen by a person, as it stands in an address; raises NotFound for what can't be one."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", value):
        raise NotFound("An id has 1 to 64 of the characters a-z, 0-9, _ and -.")
    return value
