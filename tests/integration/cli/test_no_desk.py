"""Commands say when there is no desk, and a backup when it was not finished: a timer would never look."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.desk import SERVICES
from tests.conftest import clean
from tests.support.operator import Operator


@pytest.fixture(scope="module")
def operator(mongo_url: str, amqp_url: str) -> Iterator[Operator]:
    """Of a desk that is set up, and does not run; nothing here changes it."""
    clean(amqp_url)
    prefix = f"test_{uuid.uuid4().hex[:12]}"
    settings = {"MONGO_URL": mongo_url, "AMQP_URL": amqp_url, "DATABASE_PREFIX": prefix, "SMTP_PORT": "1"}
    operator = Operator({f"RELAYDESK_{name}": value for name, value in settings.items()})
    assert operator.types("setup").code == 0
    yield operator
    with operator.store() as client:
        for service in SERVICES:
            client.drop_database(operator.database(client, service).name)
    clean(amqp_url)


def test_what_is_no_desk_is_not_backed_up(operator: Operator, tmp_path: Path) -> None:
    finds_no_desk(operator, "backup", str(tmp_path / "new"))
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("parked", "list"),
        ("parked", "show", "sla"),
        ("parked", "retry", "--all"),
        ("parked", "discard", "--all"),
        ("replay", "--since", "2026-11-01"),
    ],
    ids=" ".join,
)
def test_in_what_is_no_desk_nothing_is_looked_for(operator: Operator, words: tuple[str, ...]) -> None:
    finds_no_desk(operator, *words)


def finds_no_desk(operator: Operator, *words: str) -> None:
    answer = operator.but(RELAYDESK_DATABASE_PREFIX="nowhere").types(*words)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (
        "Error: There is no desk here: no event log in nowhere_intake, nowhere_assignment, nowhere_sla,"
        " nowhere_notify. RELAYDESK_MONGO_URL and RELAYDESK_DATABASE_PREFIX say where it is.\n"
    )


def test_what_is_no_desk_is_not_well(operator: Operator) -> None:
    answer = operator.but(RELAYDESK_DATABASE_PREFIX="nowhere").types("check", "--patience", "0")
    assert answer.code == 1
    assert "   4  all four databases are there" in answer.out
    assert "· nowhere_sla has no event log: it is no database of a desk" in answer.out


def test_a_desk_that_was_only_set_up_is_one(operator: Operator, tmp_path: Path) -> None:
    assert operator.types("backup", str(tmp_path / "new")).code == 0
    assert "  ok  all four databases are there" in operator.types("check", "--patience", "0").out


def test_a_backup_that_is_interrupted_ends_with_75(
    operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def press_ctrl_c(batch: bytes) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("cli.backup.writing._count", press_ctrl_c)  # while it reads the first collection
    answer = operator.types("backup", str(tmp_path / "half"))
    assert (answer.code, answer.err) == (
        75,
        f"Error: Stopped: {tmp_path / 'half'} is no backup. Begin again with a new folder.\n",
    )
    assert not (tmp_path / "half" / "manifest.json").exists()
