"""UUIDv7 (RFC 9562): ids that sort by the millisecond in which they were made, and index well for that."""

import random
import time
from datetime import UTC, datetime
from uuid import UUID


def new_id() -> str:
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | random.getrandbits(80)  # Python seeds anew after a fork
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(UUID(int=value))


def earliest_id(moment: datetime) -> str:
    """Not larger than any id made at `moment` or later."""
    return str(UUID(int=int(moment.timestamp() * 1000) << 80))


def moment_of(name: str) -> datetime:
    """When the id was made, to the millisecond."""
    return datetime.fromtimestamp((UUID(name).int >> 80) / 1000, UTC)
