"""A yes or no in a body."""

from typing import Any

from marshmallow import fields


class Switch(fields.Boolean):
    """true or false, and nothing else: to Python, 1 and 1.0 are true as well."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return bool(super()._deserialize(value, attr, data, **options))
