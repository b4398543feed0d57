"""Headers that may stand on the wire, though pika neither writes nor reads them: other languages write them."""

import struct

import pika


def header(name: bytes, kind: bytes, value: bytes) -> bytes:
    return bytes([len(name)]) + name + kind + value


def nested(kind: bytes, levels: int, name: bytes = b"") -> bytes:
    """The value of an array (A) or a table (F) of one more, and so on. `name`: a table's fields have one."""
    value = b""
    for _ in range(levels - 1):
        value = name + kind + struct.pack(">I", len(value)) + value
    return struct.pack(">I", len(value)) + value


ODD_HEADERS = {
    "a time in milliseconds": header(b"at", b"T", struct.pack(">Q", 1735689600000)),
    "a time before 1970, as Java writes it": header(b"at", b"T", struct.pack(">q", -1)),
    "2,000 arrays in one another": header(b"deep", b"A", nested(b"A", 2000)),
    "2,000 tables in one another": header(b"deep", b"F", nested(b"F", 2000, b"\x01x")),
    "a decimal of 255 places": header(b"small", b"D", struct.pack(">Bi", 255, -7)),
    "a name with a NUL": header(b"a\0b", b"S", struct.pack(">I", 1) + b"c"),
    "a name and a text that aren't UTF-8": header(b"\xff", b"S", struct.pack(">I", 2) + b"\xfe\x00"),
    "a name of an operator": header(b"$set", b"V", b""),
}


class OddProperties(pika.BasicProperties):  # type: ignore[misc]
    """Persistent, with these bytes as the table of headers, and with a message id after them."""

    def __init__(self, headers: bytes, message_id: str = "odd") -> None:
        super().__init__(message_id=message_id)
        self._table = headers

    def encode(self) -> list[bytes]:
        flags = self.FLAG_HEADERS | self.FLAG_DELIVERY_MODE | self.FLAG_MESSAGE_ID
        name = self.message_id.encode()
        table = struct.pack(">I", len(self._table)) + self._table
        return [struct.pack(">H", flags), table, b"\x02", bytes([len(name)]), name]
