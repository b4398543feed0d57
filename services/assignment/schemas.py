"""What callers may send. Types are strict, lengths are limited, and a field that is not known is refused."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from services.assignment.handlers.issue_api_key import ADMINISTRATOR
from shared.http.problems import invalid

_slug = validate.Regexp(r"^[a-z][a-z0-9-]{0,62}\Z", error="must be 1 to 63 of a-z, 0-9 and -, beginning with a letter")
_language = validate.Regexp(r"^[a-z]{2}(-[A-Z]{2})?\Z", error="must be like en or de-AT")


def must_be_slug(name: str, value: str) -> None:
    """For ids that stand in the path."""
    try:
        _slug(value)
    except ValidationError as error:
        raise invalid(ValidationError({name: error.messages})) from error


def _text(limit: int) -> fields.String:
    return fields.String(required=True, validate=validate.Length(1, limit))


def _id() -> fields.String:
    return fields.String(required=True, validate=_slug)


def _slugs(**options: Any) -> fields.List[str]:
    return fields.List(fields.String(validate=_slug), validate=validate.Length(max=50), **options)


def _switch(**options: Any) -> fields.Boolean:
    return fields.Boolean(truthy={True}, falsy={False}, **options)


class ReasonSchema(Schema):
    reason = _text(500)


class AssignSchema(ReasonSchema):
    agent_id = _id()


class TransferSchema(ReasonSchema):
    department_id = _id()


class AgentChangeSchema(Schema):
    name = fields.String(validate=validate.Length(1, 200))
    address = fields.Email(validate=validate.Length(max=254))
    departments = _slugs()
    skills = _slugs()
    capacity = fields.Integer(strict=True, validate=validate.Range(0, 10_000))
    available = _switch()
    active = _switch()
    language = fields.String(validate=_language)

    @post_load
    def once_each(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: sorted(set(value)) if isinstance(value, list) else value for name, value in data.items()}


class AgentSchema(AgentChangeSchema):
    id = _id()
    name = _text(200)
    address = fields.Email(required=True, validate=validate.Length(max=254))
    departments = _slugs(load_default=list)
    skills = _slugs(load_default=list)
    capacity = fields.Integer(strict=True, load_default=20, validate=validate.Range(0, 10_000))
    available = _switch(load_default=True)
    active = _switch(load_default=True)
    language = fields.String(load_default="en", validate=_language)


class DepartmentSchema(Schema):
    name = _text(200)
    manager_id = fields.String(load_default=None, allow_none=True, validate=_slug)


class RouteSchema(Schema):
    department_id = _id()
    skills = _slugs(load_default=list)


class ApiKeySchema(Schema):
    name = _text(200)
    scopes = fields.List(
        fields.String(validate=validate.OneOf([ADMINISTRATOR, "tickets"])),
        load_default=lambda: ["tickets"],
        validate=validate.Length(1, 2),
    )
    expires_at = fields.AwareDateTime(load_default=None, allow_none=True)
