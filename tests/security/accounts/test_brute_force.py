"""Improper restriction of excessive authentication attempts (CWE-307), by many at once or with a forged address."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.assignment.attempts import Attempts, TooManyTries
from shared.moments import utc_now
from tests.integration.assignment.desk import Desk

BEN = "ben@desk.example"
HOME, STRANGER = "192.0.2.1", "198.51.100.7"


def try_to_sign_in(door: FlaskClient, password: str, network: str = STRANGER, **headers: str) -> Any:
    body = {"address": BEN, "password": password}
    surroundings = {"REMOTE_ADDR": network}
    return door.post("/v1/sign-in", json=body, environ_base=surroundings, headers=headers)


@pytest.mark.usefixtures("ben")
def test_a_hundred_tries_at_once_never_exceed_the_limit(door: FlaskClient) -> None:
    def knock(number: int) -> int:
        answer = try_to_sign_in(door.application.test_client(), f"guess number {number}")
        return int(answer.status_code)

    with ThreadPoolExecutor(32) as together:
        verdicts = Counter(together.map(knock, range(100)))
    assert verdicts == {401: 5, 429: 95}


@pytest.mark.usefixtures("ben")
def test_past_the_limit_the_right_password_is_not_even_looked_at(door: FlaskClient, password: str) -> None:
    for _ in range(5):
        assert try_to_sign_in(door, "a guess").status_code == 401
    refused = try_to_sign_in(door, password)
    assert refused.status_code == 429
    assert 800 < int(refused.headers["Retry-After"]) <= 900


@pytest.mark.usefixtures("ben")
def test_a_forged_address_of_the_caller_begins_no_counter_anew(door: FlaskClient) -> None:
    def forged(number: int) -> dict[str, str]:
        return dict.fromkeys(("X-Forwarded-For", "X-Real-IP", "X-Client-IP"), f"203.0.113.{number}")

    verdicts = [try_to_sign_in(door, "a guess", **forged(number)).status_code for number in range(6)]
    assert verdicts == [401, 401, 401, 401, 401, 429]


@pytest.mark.usefixtures("ben")
def test_guessing_locks_nobody_out_of_where_he_works(desk: Desk, door: FlaskClient, password: str) -> None:
    assert try_to_sign_in(door, password, HOME).status_code == 201
    attempts, now = Attempts(desk.database), utc_now()
    for number in range(21):  # a botnet: the address is full after twenty networks
        for _ in range(5):
            swallow(attempts, BEN, f"203.0.113.{number}")
    for number in range(60):  # somebody beside him: the network is full too
        swallow(attempts, f"agent{number}@desk.example", HOME)
    with pytest.raises(TooManyTries):
        attempts.begin(BEN, STRANGER, now)
    with pytest.raises(TooManyTries):
        attempts.begin("cleo@desk.example", HOME, now)
    assert try_to_sign_in(door, password, HOME).status_code == 201


def test_a_network_and_an_address_have_limits_of_their_own(desk: Desk) -> None:
    attempts = Attempts(desk.database)
    spread = [swallow(attempts, f"agent{number}@desk.example", STRANGER) for number in range(60)]
    assert spread.count(True) == 50
    botnet = [swallow(attempts, BEN, f"203.0.{number}.1") for number in range(120)]
    assert botnet.count(True) == 100


@pytest.mark.usefixtures("ben")
def test_signing_in_oneself_gives_no_tries_at_others_back(desk: Desk) -> None:
    attempts, now = Attempts(desk.database), utc_now()
    for number in range(40):
        attempts.begin(f"agent{number}@desk.example", STRANGER, now)
        own = attempts.begin("mallory@desk.example", STRANGER, now)
        attempts.succeeded("mallory@desk.example", STRANGER, own, now)
    assert [swallow(attempts, f"other{number}@desk.example", STRANGER) for number in range(20)].count(True) == 10


def swallow(attempts: Attempts, address: str, network: str) -> bool:
    """Whether the password was looked at."""
    try:
        attempts.begin(address, network, utc_now())
    except TooManyTries:
        return False
    return True


@pytest.mark.usefixtures("ben")
def test_a_stolen_token_is_not_enough_to_guess_the_password(door: FlaskClient, ben: Any) -> None:
    headers = {"Authorization": f"Bearer {ben.json['token']}"}
    verdicts = [
        door.put("/v1/me/password", json={"current": "a guess", "new": "eight loud harbours"}, headers=headers)
        for _ in range(6)
    ]
    assert [answer.status_code for answer in verdicts] == [422, 422, 422, 422, 422, 429]
