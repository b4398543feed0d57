"""How many: counted before anything is looked at, because a schema names each single value that is wrong."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from marshmallow import Schema, fields, validate

from shared.refusals import Invalid, Reason

UNKNOWN_NAMES = 20  # that an object may have beside its own and still be told of each
_MOST = 1000  # of whatever does not say how many it may have


def refuse_oversized(schema: Schema, value: Mapping[str, Any], place: str = "") -> None:
    """Raises Invalid where an object, list or mapping in what was sent has more in it than it may ever have."""
    known = _fields_of(schema)
    most = len(known) + UNKNOWN_NAMES
    if len(value) > most:
        rule = f"must not have more than {most} fields, has {len(value)}"
        reason = Reason(place, rule, "Send only those in the documentation of this request.")
        raise Invalid(f"Send fewer fields in {place or 'the body'}.", (reason,))
    for name, inner in value.items():
        field = known.get(name)
        if isinstance(inner, dict | list) and field is not None:
            _refuse_oversized_in(field, inner, f"{place}.{name}".strip("."))


def _refuse_oversized_in(field: fields.Field[Any], value: Any, place: str) -> None:
    if isinstance(field, fields.Nested) and isinstance(value, dict):
        refuse_oversized(field.schema, value, place)
    elif isinstance(field, fields.List | fields.Dict) and len(value) > _most(field):
        rule = f"must not have more than {_most(field)} values, has {len(value)}"
        raise Invalid(f"Send fewer values in {place}.", (Reason(place, rule, "Leave some out."),))


@cache
def _fields_of(schema: Schema) -> Mapping[str, fields.Field[Any]]:
    """By the name under which each is sent."""
    return {field.data_key or name: field for name, field in schema.load_fields.items()}


@cache
def _most(field: fields.Field[Any]) -> int:
    bounds = [rule.max for rule in field.validators if isinstance(rule, validate.Length) and rule.max is not None]
    return min(bounds, default=_MOST)
