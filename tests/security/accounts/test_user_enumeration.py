"""Observable response discrepancy (CWE-204, CWE-208): nobody learns which addresses have an account."""

from typing import Any

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters
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
def test_an_unknown_address_is_as_much_work_as_a_known_one(door: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Next to a hash, nothing else that is done takes time: it is tried once, and at the same cost."""
    tried: list[Parameters] = []
    verify = PasswordHasher.verify

    def counted(hasher: PasswordHasher, known: str, password: str) -> bool:
        tried.append(extract_parameters(known))
        return verify(hasher, known, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    for address in ("ben@desk.example", UNKNOWN):
        assert door.post("/v1/sign-in", json={"address": address, "password": "a guess"}).status_code == 401
    ben, nobody = tried
    assert ben == nobody


def test_a_reset_looks_the_same_for_everybody_also_when_it_is_repeated(door: FlaskClient) -> None:
    answers = [
        told(door.post("/v1/password-resets", json={"address": address}))
        for address in ("ben@desk.example", UNKNOWN, "ben@desk.example", UNKNOWN)
    ]
    assert answers[0][0] == 202
    assert all(answer == answers[0] for answer in answers)
