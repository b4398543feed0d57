"""Observable response discrepancy (CWE-204, CWE-208): nobody learns which addresses have an account."""

import statistics
import time
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.integration.assignment.desk import Desk

UNKNOWN = "nobody@desk.example"


def told(answer: Any) -> tuple[int, Any, list[str]]:
    """Everything that a caller sees."""
    return answer.status_code, answer.json, sorted(name for name, _ in answer.headers)


@pytest.mark.usefixtures("ben")
def test_a_refused_sign_in_looks_the_same_for_everybody(desk: Desk, door: FlaskClient, password: str) -> None:
    desk.database.agents.update_one({"_id": "ben"}, {"$set": {"active": False}})
    cases = {
        "disabled, right password": ("ben@desk.example", password),
        "disabled, wrong password": ("ben@desk.example", "a guess"),
        "no password chosen yet": ("cleo@desk.example", "a guess"),
        "unknown": (UNKNOWN, "a guess"),
    }
    answers = [
        told(door.post("/v1/sign-in", json={"address": address, "password": secret}))
        for address, secret in cases.values()
    ]
    assert answers[0][0] == 401
    assert all(answer == answers[0] for answer in answers)


def test_the_limits_are_the_same_for_everybody(desk: Desk, door: FlaskClient) -> None:
    verdicts = {
        address: [
            door.post("/v1/sign-in", json={"address": address, "password": "a guess"}).status_code for _ in range(6)
        ]
        for address in ("ben@desk.example", UNKNOWN)
    }
    assert verdicts["ben@desk.example"] == verdicts[UNKNOWN] == [401, 401, 401, 401, 401, 429]


@pytest.mark.usefixtures("ben")
def test_an_unknown_address_is_as_much_work_as_a_known_one(door: FlaskClient) -> None:
    def seconds(address: str, network: str) -> float:
        began = time.process_time()
        door.post(
            "/v1/sign-in", json={"address": address, "password": "a guess"}, environ_base={"REMOTE_ADDR": network}
        )
        return time.process_time() - began

    pairs = [(seconds("ben@desk.example", f"192.0.2.{n}"), seconds(UNKNOWN, f"192.0.2.{n}")) for n in range(7)]
    known, unknown = (statistics.median(column) for column in zip(*pairs, strict=True))
    assert 0.5 < known / unknown < 2.0


def test_a_reset_looks_the_same_for_everybody_also_when_it_is_repeated(door: FlaskClient) -> None:
    answers = [
        told(door.post("/v1/password-resets", json={"address": address}))
        for address in ("ben@desk.example", UNKNOWN, "ben@desk.example", UNKNOWN)
    ]
    assert answers[0][0] == 202
    assert all(answer == answers[0] for answer in answers)
