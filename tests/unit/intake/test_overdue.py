"""What is overdue: missed, and still waited for."""

from datetime import datetime

import pytest

from services.intake.domain.overdue import is_overdue
from tests.support.sla_cast import utc

ANSWERED = utc("2026-03-02 11:00")


@pytest.mark.parametrize(
    ("status", "answered", "missed", "overdue"),
    [
        ("new", None, [], False),
        ("new", None, ["first_response"], True),
        ("open", ANSWERED, ["first_response"], False),
        ("open", ANSWERED, ["first_response", "resolution"], True),
        ("on_hold", ANSWERED, ["resolution"], True),
        ("resolved", ANSWERED, ["first_response", "resolution"], False),
        ("closed", None, ["first_response", "resolution"], False),
    ],
)
def test_what_is_overdue(status: str, answered: datetime | None, missed: list[str], overdue: bool) -> None:
    assert is_overdue(status, answered, missed) is overdue
