"""Moments are aware, in UTC, and cut to the millisecond that the store keeps."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    return to_store(datetime.now(UTC))


def to_store(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)
