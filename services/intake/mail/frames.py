"""How the two ends of the parser's pipes talk: four bytes of length, then that many bytes."""

import struct
from typing import BinaryIO

_LENGTH = struct.Struct(">I")


def send(pipe: BinaryIO, *frames: bytes) -> None:
    for frame in frames:
        pipe.write(_LENGTH.pack(len(frame)))
        pipe.write(frame)
    pipe.flush()


def receive(pipe: BinaryIO) -> bytes:
    """Raises EOFError when the other end is gone."""
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    return _exactly(pipe, length)


def _exactly(pipe: BinaryIO, length: int) -> bytes:
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    return data
