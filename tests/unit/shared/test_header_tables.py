"""Whatever stands in a header frame, the message arrives, with what could be read."""

import struct
from datetime import UTC, datetime
from typing import Any

import pika
import pytest
from pika import frame

from shared.messaging import header_tables
from tests.support.odd_headers import OddProperties, header, nested

BLUE = header(b"colour", b"S", struct.pack(">I", 4) + b"blue")


def arrived(properties: pika.BasicProperties) -> Any:
    """What a consumer is given."""
    header_tables.tolerate_any()
    _, read = frame.decode_frame(frame.Header(1, 0, properties).marshal())
    return read.properties


@pytest.mark.parametrize(
    ("odd", "read"),
    [
        (header(b"x", b"T", struct.pack(">Q", 1735689600)), {"x": datetime(2025, 1, 1, tzinfo=UTC)}),
        (header(b"x", b"T", struct.pack(">Q", 1735689600000)), {"x": 1735689600000}),
        (header(b"x", b"T", struct.pack(">q", -1)), {"x": 18446744073709551615}),
        (header(b"x", b"d", struct.pack(">d", float("inf"))), {"x": float("inf")}),
        (header(b"x", b"f", struct.pack(">f", -float("inf"))), {"x": -float("inf")}),
        (header(b"x", b"S", struct.pack(">I", 1) + b"\xff"), {"x": b"\xff"}),
        (header(b"\xff", b"V", b""), {b"\xff": None}),
        (header(b"x", b"A", struct.pack(">I", 3) + b"t\x01Z"), {"x": [True]}),
        (header(b"x", b"F", struct.pack(">I", 6) + b"\x01at\x01\x01b"), {"x": {"a": True}}),
        (header(b"x", b"A", nested(b"A", 3)), {"x": [[[]]]}),
    ],
)  # fmt: skip
def test_a_value_that_cant_be_read_costs_none_of_its_neighbours(odd: bytes, read: dict[Any, Any]) -> None:
    properties = arrived(OddProperties(BLUE + odd + BLUE.replace(b"colour", b"second")))
    assert properties.headers == {"colour": "blue", **read, "second": "blue"}
    assert properties.message_id == "odd"


@pytest.mark.parametrize(
    "odd",
    [
        header(b"x", b"Z", b"whatever this is"),
        header(b"x", b"l", b"\x00"),
        header(b"x", b"D", b"\x02\x00"),
        header(b"x", b"", b""),
    ],
)
def test_after_a_value_of_unknown_length_the_table_ends_and_the_properties_go_on(odd: bytes) -> None:
    properties = arrived(OddProperties(BLUE + odd))
    assert properties.headers == {"colour": "blue"}
    assert properties.message_id == "odd"


@pytest.mark.parametrize("kind", [b"A", b"F"])
def test_what_lies_too_deep_stays_bytes(kind: bytes) -> None:
    properties = arrived(OddProperties(header(b"deep", kind, nested(kind, 2000, b"\x01x" if kind == b"F" else b""))))
    value, depth = properties.headers["deep"], 0
    while not isinstance(value, bytes):
        [value] = value if isinstance(value, list) else value.values()
        depth += 1
    assert depth == 16
    assert properties.message_id == "odd"


def test_a_table_that_is_cut_short_costs_what_would_follow() -> None:
    class CutShort(OddProperties):
        def encode(self) -> list[bytes]:
            flags, table, *_ = super().encode()
            return [flags, table[:-2]]

    properties = arrived(CutShort(BLUE))
    assert properties.headers == {"colour": "bl"}
    assert properties.message_id is None
