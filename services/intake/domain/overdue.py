"""Overdue: a target was missed and is still waited for. That it was missed stays in the target and the timeline."""

from collections.abc import Collection
from datetime import datetime


def is_overdue(status: str, first_responded_at: datetime | None, missed: Collection[str]) -> bool:
    """`missed` names targets; a resolution answers for the first response, too."""
    if status in ("resolved", "closed"):
        return False
    return any(target != "first_response" or first_responded_at is None for target in missed)
