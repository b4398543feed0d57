"""What would break somebody who relies on a contract as it was frozen."""

from collections.abc import Iterator
from typing import Any

from cli.documents.contracts import Schema

_UPPER_BOUNDS = ("maxLength", "maxItems", "maximum")
_LOWER_BOUNDS = ("minLength", "minItems", "minimum")


def breaks(before: Schema, after: Schema, *, is_announced: bool) -> list[str]:
    """Each as `data.ticket.tags: removed`.

    Both may gain optional fields. Beyond that, what we take may only become more lenient, and what we announce stays as
    it is: hearers rely on what it can't be, and read events of before the change, too.
    """
    whole = (_inlined(before, before["$defs"]), _inlined(after, after["$defs"]))
    return list(_breaks(*whole, "", is_announced))


def _inlined(schema: Any, definitions: dict[str, Schema]) -> Any:
    """Without references; `anyOf` is only ever something or null."""
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].removeprefix("#/$defs/")], definitions)
    if "anyOf" in schema:
        something = _inlined(schema["anyOf"][0], definitions)
        return {**something, "type": [something["type"], "null"]}
    return {name: _inlined(inner, definitions) for name, inner in schema.items() if name != "$defs"}


def _breaks(before: Schema, after: Schema, path: str, is_announced: bool) -> Iterator[str]:
    types, types_now = _types(before), _types(after)
    is_retyped = types != types_now if is_announced else not types <= types_now
    if is_retyped or before.get("format") != after.get("format"):
        yield f"{path}: retyped"
        return
    if _is_tighter(after, before):
        yield f"{path}: narrowed"
    if is_announced and _is_tighter(before, after):
        yield f"{path}: widened"
    yield from _broken_fields(before, after, path, is_announced)
    for part, step in (("items", "[]"), ("additionalProperties", ".*")):
        inner, inner_now = before.get(part), after.get(part)
        if isinstance(inner, dict) and isinstance(inner_now, dict):
            yield from _breaks(inner, inner_now, path + step, is_announced)
        elif inner != inner_now:
            yield f"{path}{step}: retyped"


def _broken_fields(before: Schema, after: Schema, path: str, is_announced: bool) -> Iterator[str]:
    known, known_now = before.get("properties", {}), after.get("properties", {})
    required, required_now = set(before.get("required", ())), set(after.get("required", ()))
    for name in known:
        inside = f"{path}.{name}".lstrip(".")
        if name not in known_now:
            yield f"{inside}: removed"
        else:
            yield from _breaks(known[name], known_now[name], inside, is_announced)
            if is_announced and name in required - required_now:
                yield f"{inside}: no longer required"
    for name in sorted(required_now - required):
        yield f"{path}.{name}: newly required".lstrip(".")


def _types(schema: Schema) -> set[str]:
    found = schema.get("type", [])
    return {found} if isinstance(found, str) else set(found)


def _is_tighter(schema: Schema, other: Schema) -> bool:
    """Whether it refuses a value that the other lets pass."""
    return (
        any(name in schema and schema[name] < other.get(name, float("inf")) for name in _UPPER_BOUNDS)
        or any(name in schema and schema[name] > other.get(name, float("-inf")) for name in _LOWER_BOUNDS)
        or ("pattern" in schema and schema["pattern"] != other.get("pattern"))
        or not _has_all(_values(schema), _values(other))
    )


def _values(schema: Schema) -> list[Any] | None:
    """None: it names none, every value is allowed."""
    return [schema["const"]] if "const" in schema else schema.get("enum")


def _has_all(values: list[Any] | None, others: list[Any] | None) -> bool:
    return values is None or (others is not None and all(other in values for other in others))
