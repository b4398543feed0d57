"""How long, how many, of which characters: the fields of which the schemas are made.

The bounds keep every event under its 64 KiB: the snapshot travels with each.
"""

import re
from typing import Any

import orjson
from marshmallow import ValidationError, fields, validate

from shared.mail_addresses import RULE, is_mail_address

CUSTOM_FIELDS_BYTES = 16_000
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_CONTROLS_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


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
    if not is_mail_address(value):
        raise ValidationError(RULE)


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


def written_as(regex: str, **options: Any) -> fields.String:
    """All of the text is `regex`, which Python and JSON Schema (ECMA-262) read alike."""
    return fields.String(validate=validate.Regexp(rf"{regex}\Z"), metadata={"pattern": f"^{regex}$"}, **options)


def language(**options: Any) -> fields.String:
    return written_as("[a-z]{2,3}(-[A-Z]{2})?", **options)


def tags(**options: Any) -> fields.List[str]:
    return fields.List(line(50), validate=validate.Length(max=20), **options)


def custom_fields(**options: Any) -> fields.Dict:
    name = written_as("[A-Za-z0-9_][A-Za-z0-9_ -]{0,99}")
    value = fields.String(validate=[validate.Length(max=1000), validate.ContainsNoneOf("\x00")])
    return fields.Dict(keys=name, values=value, validate=_small, **options)
