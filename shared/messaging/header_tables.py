"""Reads a message's properties as pika does, but what pika can't read costs itself and not the connection.

pika 1.4.4 raises out of its frame decoder for a timestamp after the year 9999 (milliseconds are enough) and for some
hundred arrays in one another. The connection breaks, the broker delivers the message again, and so on for ever: one
header of one sender would stop a service. Later releases read any timestamp (https://github.com/pika/pika/pull/1699);
this file is needed until they bound the nesting and forgive the rest as well.
"""

import struct
from contextlib import suppress
from typing import Any

from pika import data, spec

DEEPEST = 16  # tables and arrays in one another; what lies deeper stays bytes
_NUMBERS = {b"T": ">Q", b"f": ">f", b"d": ">d"}  # pika makes datetimes and integers of them, where there is one

_pikas_value = data.decode_value
_pikas_properties = spec.BasicProperties.decode


def tolerate_any() -> None:
    """From now on, in this process."""
    data.decode_table = _table
    spec.BasicProperties.decode = _properties


def _properties(properties: spec.BasicProperties, encoded: bytes, offset: int = 0) -> spec.BasicProperties:
    with suppress(Exception):  # cut short: those before are set
        _pikas_properties(properties, encoded, offset)
    return properties


def _table(encoded: bytes, offset: int, depth: int = 0) -> tuple[dict[str | bytes, Any], int]:
    inside, end = _inside(encoded, offset)
    table: dict[str | bytes, Any] = {}
    place = 0
    with suppress(Exception):  # where the next one begins can't be known
        while place < len(inside):
            name, place = data.decode_short_string(inside, place)
            table[name], place = _value(inside, place, depth)
    return table, end


def _array(encoded: bytes, offset: int, depth: int) -> tuple[list[Any], int]:
    inside, end = _inside(encoded, offset)
    array: list[Any] = []
    place = 0
    with suppress(Exception):
        while place < len(inside):
            value, place = _value(inside, place, depth)
            array.append(value)
    return array, end


def _value(encoded: bytes, offset: int, depth: int) -> tuple[Any, int]:
    kind, after = encoded[offset : offset + 1], offset + 1
    if kind in (b"A", b"F"):
        if depth == DEEPEST:
            return _inside(encoded, after)
        return (_array if kind == b"A" else _table)(encoded, after, depth + 1)
    try:
        value, end = _pikas_value(encoded, offset)
    except (ValueError, OverflowError, OSError):
        number = struct.Struct(_NUMBERS[kind])
        return number.unpack_from(encoded, after)[0], after + number.size
    return value, end


def _inside(encoded: bytes, offset: int) -> tuple[bytes, int]:
    """The bytes of a table or an array, of which the first four say how many follow; and the place after them."""
    begin = offset + 4
    end = begin + int.from_bytes(encoded[offset:begin], "big")
    return encoded[begin:end], end
