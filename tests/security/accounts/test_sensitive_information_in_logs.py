"""Insertion of sensitive information into logs, events and answers (CWE-532, CWE-200)."""

import logging
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from services.assignment.indexes import INDEXES
from tests.integration.assignment.desk import Desk, bearer


def test_what_only_the_agent_knows_is_in_no_log_no_event_and_no_collection(
    desk: Desk, door: FlaskClient, web: FlaskClient, password: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    link = desk.invite("ben")
    ben: Any = door.post(f"/v1/invitations/{link}", json={"password": password})
    door.post("/v1/sign-in", json={"address": "ben@desk.example", "password": password + "?"})
    changed: Any = door.put(
        "/v1/me/password", json={"current": password, "new": "eight loud harbours"}, headers=bearer(ben)
    )
    key = web.post("/v1/api-keys", json={"name": "key"}).json
    assert key is not None
    secrets = [password, "eight loud harbours", link, ben.json["session"], ben.json["token"], changed.json["session"]]
    secrets.append(key["key"].rpartition("_")[2])
    kept = {name: list(desk.database[name].find()) for name in desk.database.list_collection_names()}
    assert set(INDEXES) <= set(kept)
    everything = caplog.text + orjson.dumps(kept, default=str).decode()
    assert [secret for secret in secrets if secret in everything] == []
    hashed = desk.database.accounts.find_one({"_id": "ben"}) or {}
    events = b"".join(row["body"] for row in desk.database.event_log.find())
    assert hashed["password_hash"].encode() not in events


def test_no_answer_shows_an_account(web: FlaskClient, ben: Any) -> None:
    for path in ("/v1/agents", "/v1/agents/ben", "/v1/me", "/v1/api-keys", "/v1/roles"):
        text = web.get(path).get_data(as_text=True)
        assert not [word for word in ("argon2", "password", "sha256", "generation", "revision") if word in text]


def test_answers_with_a_secret_are_kept_by_no_cache(door: FlaskClient, web: FlaskClient, ben: Any) -> None:
    renewed = door.post("/v1/sign-in/renewals", json={"session": ben.json["session"]})
    for answer in (ben, renewed, web.post("/v1/api-keys", json={"name": "key"})):
        assert answer.headers["Cache-Control"] == "no-store"
