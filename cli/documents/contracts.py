"""The JSON Schema (2020-12) of a frozen dataclass, described by its docstring and by the comments behind its fields."""

import ast
import inspect
import io
import tokenize
import types
import typing
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from typing import Any

Schema = dict[str, Any]

_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
}


def schema_of(hint: Any, definitions: dict[str, Schema]) -> Schema:
    """A dataclass is referred to as `#/$defs/<its name>`, and its schema put into `definitions`."""
    if is_dataclass(hint) and isinstance(hint, type):
        if hint.__name__ not in definitions:
            definitions[hint.__name__] = _object(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return {"type": "array", "items": schema_of(arguments[0], definitions)}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(arguments[1], definitions)}
    [inner] = [schema_of(a, definitions) for a in arguments if a is not types.NoneType]
    return {"anyOf": [inner, {"type": "null"}]} if "$ref" in inner else {**inner, "type": [inner["type"], "null"]}


def moved(schema: Any, where: str, to: str) -> Any:
    """The same, with its references pointing elsewhere, e.g. from `#/$defs/` to `#/components/schemas/`."""
    if isinstance(schema, dict):
        return {name: moved(inner, where, to) for name, inner in schema.items()}
    if isinstance(schema, list):
        return [moved(inner, where, to) for inner in schema]
    return schema.replace(where, to, 1) if isinstance(schema, str) and schema.startswith(where) else schema


def _object(contract: type, definitions: dict[str, Schema]) -> Schema:
    hints = typing.get_type_hints(contract)
    description, comments = _words(contract)
    properties = {}
    for field in fields(contract):
        words = {"description": comments[field.name]} if field.name in comments else {}
        properties[field.name] = {**schema_of(hints[field.name], definitions), **_default(field), **words}
    schema: Schema = {"type": "object"}
    if description:
        schema["description"] = description
    required = [name for name, described in properties.items() if "default" not in described]
    return {**schema, "required": required, "properties": properties}


def _default(field: Field[Any]) -> Schema:
    if field.default_factory is not MISSING:
        return {"default": field.default_factory()}
    return {} if field.default is MISSING else {"default": field.default}


def _words(contract: type) -> tuple[str | None, dict[str, str]]:
    """(the docstring, the comments by field)"""
    source = inspect.cleandoc(inspect.getsource(contract))
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}
    [definition] = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    rows = {ast.unparse(n.target): n.end_lineno for n in definition.body if isinstance(n, ast.AnnAssign)}
    return ast.get_docstring(definition), {name: comments[row] for name, row in rows.items() if row in comments}
