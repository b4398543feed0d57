"""Insertion of sensitive information into log files (CWE-532): every route of every API, listened to at debug."""

import logging
import traceback
from collections.abc import Mapping

import pytest

from shared.logs import JsonLines
from tests.security import callers
from tests.security.calls import called
from tests.security.desks.assignment import PASSWORD
from tests.security.desks.desk import Desk
from tests.security.routes.table import TABLE
from tests.support.access import signing_key
from tests.support.intake_desk import SECRETS

TRIED_AS = (
    callers.ADMINISTRATOR,
    callers.ADMINISTRATOR_KEY,
    callers.BY_LINK,
    callers.KEY_FOR_LIMITED,
    callers.DISABLED,
)
SETTINGS = [
    "a secret of the tests",
    "another secret of the tests",
    SECRETS.mail,
    SECRETS.links,
    *signing_key("agent").splitlines()[1:-1],
    *signing_key("requester").splitlines()[1:-1],
]


def test_no_secret_is_in_what_is_logged_at_debug(
    the_desks: Mapping[str, Desk], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "pymongo")  # as shared/logs.py has it at every level
    caplog.set_level(logging.DEBUG)
    credentials = set()
    for row in TABLE:
        desk = the_desks[row.service]
        for caller in TRIED_AS:
            response = called(row, caller, desk)
            credentials.add(response.request.headers["Authorization"].removeprefix("Bearer "))
    written = _written(caplog.records)
    assert len(caplog.records) > len(TABLE)
    assert [secret for secret in {*credentials, *SETTINGS, PASSWORD} if secret in written] == []
    assert [key for key in credentials if key.startswith("rdk_") and key.split("_", 2)[2] in written] == []


def _written(records: list[logging.LogRecord]) -> str:
    """As operators get it, and as another formatter would print it."""
    lines = [JsonLines("all-api").format(record) for record in records]
    lines += [f"{record.getMessage()} {vars(record)}" for record in records]
    failures = [record.exc_info[1] for record in records if record.exc_info and record.exc_info[1]]
    return "\n".join([*lines, *("".join(traceback.format_exception(error)) for error in failures)])
