"""Uncontrolled resource consumption (CWE-400): hashing is dear, so what is hashed and how much at once is bounded."""

import threading
import time
from typing import Any

from flask.testing import FlaskClient

from services.assignment.passwords import Passwords
from tests.integration.assignment.desk import Desk

HOSTILE = ("[" * 100_000, '{"a":' * 50_000, "1" * 100_000, "NaN", '"\\ud800"', '{"address":1e999}')


def test_a_huge_password_is_refused_before_it_is_hashed(desk: Desk, door: FlaskClient) -> None:
    link = desk.invite("ben")
    for length in (1025, 100_000, 1_000_000):
        began = time.process_time()
        assert door.post(f"/v1/invitations/{link}", json={"password": "ab c" * (length // 4 + 1)}).status_code == 422
        body = {"address": "ben@desk.example", "password": "a" * length}
        assert door.post("/v1/sign-in", json=body).status_code == 422
        assert time.process_time() - began < 1.0


def test_marks_without_end_are_not_put_in_order(desk: Desk, door: FlaskClient, ben: Any, password: str) -> None:
    """NFKC takes n² steps for n marks on one letter, and lets no other thread go on meanwhile."""
    marks, headers = "\u0315\u0300" * 40_000, {"Authorization": f"Bearer {ben.json['token']}"}
    link = desk.invite("cleo")
    began = time.process_time()
    answers = (
        (door.post("/v1/sign-in", json={"address": "ben@desk.example", "password": marks}), "password"),
        (door.post(f"/v1/invitations/{link}", json={"password": marks}), "password"),
        (door.put("/v1/me/password", json={"current": marks, "new": "x"}, headers=headers), "current"),
        (door.put("/v1/me/password", json={"current": password, "new": marks}, headers=headers), "new"),
    )
    assert time.process_time() - began < 5
    for answer, field in answers:
        assert answer.status_code == 422
        [reason] = answer.get_json()["errors"]
        assert (reason["field"], "1024" in reason["rule"], bool(reason["remedy"])) == (field, True, True)


def test_a_body_over_a_mebibyte_is_not_read(door: FlaskClient) -> None:
    body = {"address": "ben@desk.example", "password": "a" * 1_100_000}
    assert door.post("/v1/sign-in", json=body).status_code == 413


def test_a_link_that_opens_nothing_costs_no_hash(door: FlaskClient) -> None:
    began = time.process_time()
    for _ in range(20):
        door.post("/v1/invitations/x.y", json={"password": "seven quiet lighthouses"})
    assert time.process_time() - began < 1.0


def test_few_passwords_are_hashed_at_once() -> None:
    passwords, most, busy = Passwords(), 0, 0
    lock = threading.Lock()

    class Watched:
        def hash(self, password: str) -> str:
            nonlocal most, busy
            with lock:
                busy += 1
                most = max(most, busy)
            time.sleep(0.02)
            with lock:
                busy -= 1
            return password

    passwords._hasher = Watched()  # type: ignore[assignment]
    threads = [threading.Thread(target=passwords.hash, args=("x",)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_hostile_json_is_refused(door: FlaskClient) -> None:
    for text in HOSTILE:
        answer = door.post("/v1/sign-in", data=text, content_type="application/json")
        assert answer.status_code in (400, 422)
