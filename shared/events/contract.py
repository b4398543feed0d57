"""Reading a contract (a frozen dataclass) out of decoded JSON.

Between our own services decoding is plain: known fields are taken, unknown ones are ignored, a missing required one or
a value of the wrong shape is an error. The reader of each class is built once, from its annotations.
"""

import types
import typing
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any

Reader = Callable[[Any], Any]


class ContractBroken(ValueError):
    """A field is missing or has a value of another shape than its contract says."""


def read(contract: type, value: Any) -> Any:
    return reader_of(contract)(value)


@cache
def reader_of(hint: Any) -> Reader:
    if is_dataclass(hint) and isinstance(hint, type):
        return _dataclass_reader(hint)
    if hint is datetime:
        return _moment
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        inner = reader_of(next(a for a in arguments if a is not type(None)))
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        item = reader_of(arguments[0])
        return lambda value: tuple([item(v) for v in _expect(list, value)])
    if origin is dict:
        item = reader_of(arguments[1])
        return lambda value: {k: item(v) for k, v in _expect(dict, value).items()}
    if hint is float:
        return lambda value: float(value if type(value) is int else _expect(float, value))
    if hint is Any:
        return lambda value: value
    return lambda value: value if type(value) is hint else _expect(hint, value)


def _expect(kind: type, value: Any) -> Any:
    if type(value) is not kind:  # a bool is no int
        raise ContractBroken(f"expected {kind.__name__}, got {type(value).__name__}")
    return value


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_expect(str, value))
    if moment.tzinfo is None:
        raise ContractBroken("a moment must name its offset from UTC")
    return moment


def _dataclass_reader(contract: type) -> Reader:
    hints = typing.get_type_hints(contract)
    readers = {f.name: reader_of(hints[f.name]) for f in fields(contract)}
    required = {f.name for f in fields(contract) if f.default is MISSING and f.default_factory is MISSING}

    def read_fields(value: Any) -> Any:
        found = {}
        for name, field in _expect(dict, value).items():
            if reader := readers.get(name):
                try:
                    found[name] = reader(field)
                except ValueError as error:
                    raise ContractBroken(f"{contract.__name__}.{name}: {error}") from error
        if missing := required - found.keys():
            raise ContractBroken(f"{contract.__name__}.{min(missing)} is missing")
        return contract(**found)

    return read_fields
