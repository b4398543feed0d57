"""What callers may send. Types are strict, lengths are limited, and a field that is not known is refused."""

import re
from datetime import datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from shared.access.may import EVERYWHERE
from shared.access.permissions import ALL, SCOPES
from shared.http.contract import SlugConverter
from shared.http.switch import Switch
from shared.mail_addresses import RULE, is_mail_address
from shared.moments import to_store

_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


def _slug(value: str) -> None:
    if not re.fullmatch(SlugConverter.regex, value):
        raise ValidationError("Must be 1 to 63 of a-z, 0-9, _ and -, beginning with a letter or digit.")


def _slug_or_everywhere(value: str) -> None:
    if value != EVERYWHERE:
        _slug(value)


def _language(value: str) -> None:
    if not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", value):
        raise ValidationError("Must be like en or de-AT.")


def _one_line(value: str) -> None:
    if not value.strip() or _CONTROLS.search(value):
        raise ValidationError("Must be one line that is not blank, without control characters.")


def _not_blank(value: str) -> None:
    if not value.strip():
        raise ValidationError("Must not be blank.")


def _address(value: str) -> None:
    if not is_mail_address(value):
        raise ValidationError(RULE)


class Address(fields.String):
    """Known in small letters: two that differ in nothing else are one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=_address, metadata={"format": "email"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return str(super()._deserialize(value, attr, data, **kwargs)).lower()


def slug(**options: Any) -> fields.String:
    return fields.String(validate=_slug, metadata={"pattern": f"^{SlugConverter.regex}$"}, **options)


def _slugs(**options: Any) -> fields.List[str]:
    return fields.List(slug(), validate=validate.Length(max=50), **options)


def _roles(**options: Any) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(validate=_slug_or_everywhere),
        values=slug(),
        validate=validate.Length(max=50),
        metadata={"description": "The role's id by department, * for everywhere. A department without one: expanded."},
        **options,
    )


def _name(**options: Any) -> fields.String:
    return fields.String(validate=[validate.Length(1, 200), _one_line], **options)


class _Moment(fields.AwareDateTime):
    """As the store keeps it, in UTC, where the first and the last hours of another zone's calendar do not exist."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            return to_store(super()._deserialize(value, attr, data, **kwargs))
        except OverflowError as error:
            raise ValidationError("Must be within the years 1 to 9999 in UTC.") from error


class OrderSchema(Schema):
    reason = fields.String(required=True, validate=[validate.Length(1, 500), _not_blank])


class AssignSchema(OrderSchema):
    agent_id = slug(required=True)


class TransferSchema(OrderSchema):
    department_id = slug(required=True)


class AgentChangeSchema(Schema):
    name = _name()
    address = Address()
    departments = _slugs()
    skills = _slugs()
    capacity = fields.Integer(strict=True, validate=validate.Range(0, 10_000))
    available = Switch()
    active = Switch()
    language = fields.String(validate=_language)
    roles = _roles()

    @post_load
    def once_each(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: sorted(set(value)) if isinstance(value, list) else value for name, value in data.items()}


class AgentSchema(AgentChangeSchema):
    id = slug(required=True)
    name = _name(required=True)
    address = Address(required=True)
    departments = _slugs(load_default=list)
    skills = _slugs(load_default=list)
    capacity = fields.Integer(strict=True, load_default=20, validate=validate.Range(0, 10_000))
    available = Switch(load_default=True)
    active = Switch(load_default=True)
    language = fields.String(load_default="en", validate=_language)
    roles = _roles(load_default=dict)
    invite = Switch(load_default=True)


class DepartmentSchema(Schema):
    name = _name(required=True)
    manager_id = slug(load_default=None, allow_none=True)


class RouteSchema(Schema):
    department_id = slug(required=True)
    skills = _slugs(load_default=list)


class RoleSchema(Schema):
    name = _name(required=True)
    permissions = fields.List(fields.String(validate=validate.OneOf(sorted(ALL))), required=True)


class ApiKeySchema(Schema):
    name = _name(required=True)
    scopes = fields.List(
        fields.String(validate=validate.OneOf(sorted(SCOPES))),
        load_default=lambda: ["tickets"],
        validate=validate.Length(1, len(SCOPES)),
    )
    expires_at = _Moment(load_default=None, allow_none=True)
