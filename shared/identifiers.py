"""UUIDv7 (RFC 9562): ids that sort by the millisecond in which they were made, and index well for that."""

import os
import time
from datetime import datetime
from uuid import UUID


def new_id() -> str:
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    value = (milliseconds & (1 << 48) - 1) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(UUID(int=value))


def earliest_id(moment: datetime) -> str:
    """Not larger than any id made at `moment` or later."""
    return str(UUID(int=int(moment.timestamp() * 1000) << 80))
