"""Moments are aware, in UTC, and cut to the millisecond that the store keeps.

RELAYDESK_CLOCK_AHEAD (seconds) lets a fault test start one process later than it is; like the crash points, no
service knows of it.
"""

import os
from datetime import UTC, datetime, timedelta

_AHEAD = timedelta(seconds=float(os.environ.get("RELAYDESK_CLOCK_AHEAD", "0")))


def utc_now() -> datetime:
    return to_store(datetime.now(UTC) + _AHEAD)


def to_store(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)
