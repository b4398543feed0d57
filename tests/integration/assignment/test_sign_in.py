"""Agents and their accounts, over the HTTP door: invited, signed in, with a new password, away for lunch."""

from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient

from services.assignment.attempts import Attempts, TooManyTries
from services.assignment.seed import invite_first_administrator
from services.assignment.sessions import SessionIsOver, open_session, renew_session
from shared.moments import utc_now
from tests.integration.assignment.desk import LINK_SECRET, Desk, bearer
from tests.support import access
from tests.support.eventually import eventually

PASSWORD = "seven quiet lighthouses"
ANY = {"If-Match": "*"}


@pytest.fixture
def door(web: FlaskClient) -> Any:
    """The HTTP door as a stranger sees it."""
    return web.application.test_client()


@pytest.fixture
def ben(desk: Desk, door: Any) -> Any:
    """What Ben was answered when he chose his password."""
    return door.post(f"/v1/invitations/{desk.invite('ben')}", json={"password": PASSWORD})


def sign_in(door: Any, password: str = PASSWORD, address: str = "ben@desk.example") -> Any:
    return door.post("/v1/sign-in", json={"address": address, "password": password})


def test_an_invited_agent_chooses_a_password_once_and_is_signed_in(desk: Desk, door: Any) -> None:
    link = desk.invite("ben")
    seen = door.get(f"/v1/invitations/{link}")
    assert seen.json["agent"] == {"id": "ben", "name": "Ben Okafor", "address": "ben@desk.example"}
    assert (seen.headers["Cache-Control"], seen.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    chosen = door.post(f"/v1/invitations/{link}", json={"password": PASSWORD})
    assert (chosen.status_code, chosen.json["agent"]["id"]) == (201, "ben")
    assert door.get("/v1/agents", headers=bearer(chosen)).status_code == 200
    assert door.post(f"/v1/invitations/{link}", json={"password": PASSWORD + "!"}).status_code == 404
    assert door.get(f"/v1/invitations/{link}").status_code == 404
    assert sign_in(door).status_code == 201


def test_who_is_made_is_invited_unless_asked_otherwise(desk: Desk, web: FlaskClient) -> None:
    finn = {"name": "Finn", "departments": ["support"]}
    assert web.post("/v1/agents", json={**finn, "id": "finn", "address": "finn@desk.example"}).status_code == 201
    other = {**finn, "id": "gerd", "address": "gerd@desk.example", "invite": False}
    assert web.post("/v1/agents", json=other).status_code == 201
    assert (len(desk.mailed_links("finn")), len(desk.mailed_links("gerd"))) == (1, 0)
    again = web.post("/v1/agents/gerd/invitation")
    assert (again.status_code, again.json and again.json["address"]) == (201, "gerd@desk.example")
    assert web.post("/v1/agents/nobody/invitation").status_code == 404
    web.patch("/v1/agents/gerd", json={"active": False}, headers=ANY)
    assert web.post("/v1/agents/gerd/invitation").status_code == 409


def test_a_token_says_who_one_is_and_a_session_gives_new_ones_until_it_is_ended(door: Any, ben: Any) -> None:
    signed_in = sign_in(door, address="BEN@desk.example")
    assert (signed_in.status_code, signed_in.headers["Cache-Control"]) == (201, "no-store")
    me = door.get("/v1/me", headers=bearer(signed_in))
    assert (me.json["kind"], me.json["id"], me.headers["ETag"]) == ("agent", "ben", '"2"')
    assert "ticket.transfer" in me.json["permissions"]["support"]
    session = {"session": signed_in.json["session"]}
    renewed = door.post("/v1/sign-in/renewals", json=session)
    assert renewed.status_code == 201
    assert "session" not in renewed.json
    assert door.get("/v1/me", headers=bearer(renewed)).status_code == 200
    assert door.post("/v1/sign-out", json=session).status_code == 204
    assert door.post("/v1/sign-in/renewals", json=session).status_code == 401
    assert door.post("/v1/sign-out", json=session).status_code == 204


def test_everybody_may_ask_who_he_is(desk: Desk, door: Any, web: FlaskClient) -> None:
    key = web.get("/v1/me").json
    assert key is not None
    assert (key["kind"], key["name"], key["agent"]) == ("integration", "the first", None)
    assert "role.manage" in key["permissions"]["*"]
    for_ben = web.get("/v1/me", headers={"X-On-Behalf-Of": "ben"}).json
    assert for_ben is not None
    assert (for_ben["kind"], for_ben["id"], for_ben["key_id"]) == ("agent", "ben", key["id"])
    ana = door.get("/v1/me", headers=access.signed_in("requester", "ana", "a ticket")).json
    assert ana is not None
    assert (ana["kind"], ana["ticket_id"], ana["agent"]) == ("requester", "a ticket", None)
    assert "ticket.reply" in ana["permissions"]["own"]
    mail = access.key_with(desk.database, "mail")
    assert door.get("/v1/me", headers=mail).json["permissions"] == {"*": ["mail.deliver"]}
    assert door.get("/v1/me").status_code == 401


def test_an_agent_says_that_he_is_away(desk: Desk, door: Any, web: FlaskClient, ben: Any) -> None:
    away = door.patch("/v1/me", json={"available": False}, headers={**bearer(ben), **ANY})
    assert (away.status_code, away.json["available"]) == (200, False)
    assert desk.log("ben")[-1].data.available is False
    assert door.patch("/v1/me", json={"available": True}, headers=bearer(ben)).status_code == 428
    by_key = web.patch("/v1/me", json={"available": True}, headers={"X-On-Behalf-Of": "ben", **ANY})
    assert by_key.status_code == 403


def test_a_new_password_needs_the_old_one_and_ends_what_was_signed_in_before(door: Any, ben: Any) -> None:
    elsewhere = sign_in(door)
    change = {"current": PASSWORD, "new": "eight loud harbours"}
    wrong = door.put("/v1/me/password", json={**change, "current": "no idea"}, headers=bearer(ben))
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "current")
    short = door.put("/v1/me/password", json={**change, "new": "short"}, headers=bearer(ben))
    assert (short.status_code, short.json["errors"][0]["field"]) == (422, "new")
    changed = door.put("/v1/me/password", json=change, headers=bearer(ben))
    assert changed.status_code == 201
    assert door.post("/v1/sign-in/renewals", json={"session": elsewhere.json["session"]}).status_code == 401
    assert door.post("/v1/sign-in/renewals", json={"session": changed.json["session"]}).status_code == 201
    assert (sign_in(door).status_code, sign_in(door, "eight loud harbours").status_code) == (401, 201)


def test_a_hash_from_cheaper_days_is_renewed_by_signing_in(desk: Desk, door: Any, ben: Any) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    desk.database.accounts.update_one({"_id": "ben"}, {"$set": {"password_hash": old}})
    assert sign_in(door).status_code == 201
    account = desk.database.accounts.find_one({"_id": "ben"}) or {}
    assert account["password_hash"].startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert sign_in(door).status_code == 201


def test_a_forgotten_password_is_reset_by_a_mailed_link_once_in_ten_minutes(desk: Desk, door: Any) -> None:
    for _ in range(3):
        assert door.post("/v1/password-resets", json={"address": "ben@desk.example"}).status_code == 202
    [link] = eventually(lambda: desk.mailed_links("ben"))
    assert door.post(f"/v1/invitations/{link}", json={"password": PASSWORD}).status_code == 201
    assert sign_in(door).status_code == 201


def test_a_session_ends_twelve_hours_after_the_password_and_four_after_its_last_use(desk: Desk) -> None:
    ben = desk.database.agents.find_one({"_id": "ben"}) or {}
    now = utc_now()
    session = open_session(desk.database, ben, now)
    for hours in (3.9, 7.8, 11.7):
        assert renew_session(desk.database, session, now + timedelta(hours=hours))["_id"] == "ben"
    with pytest.raises(SessionIsOver):
        renew_session(desk.database, session, now + timedelta(hours=12))
    idle = open_session(desk.database, ben, now)
    with pytest.raises(SessionIsOver):
        renew_session(desk.database, idle, now + timedelta(hours=4))


def test_the_first_administrator_gets_a_link_and_a_second_setup_gets_none(desk: Desk, door: Any) -> None:
    link = invite_first_administrator(desk.door, "Ada@desk.example", "Ada", LINK_SECRET)
    assert [link] == desk.mailed_links("administrator")
    ada = door.post(f"/v1/invitations/{link}", json={"password": PASSWORD})
    assert ada.json["agent"]["roles"] == {"*": "administrator"}
    assert door.get("/v1/api-keys", headers=bearer(ada)).status_code == 200
    assert invite_first_administrator(desk.door, "eve@desk.example", "Eve", LINK_SECRET) is None


def test_a_full_counter_opens_after_its_window_and_right_passwords_do_not_fill_it(desk: Desk) -> None:
    attempts, now = Attempts(desk.database), utc_now()
    for _ in range(7):
        counted = attempts.begin("ben@desk.example", "192.0.2.1", now)
        attempts.succeeded("ben@desk.example", "192.0.2.1", counted, now)
    for _ in range(5):
        attempts.begin("ben@desk.example", "192.0.2.1", now)
    with pytest.raises(TooManyTries) as refused:
        attempts.begin("ben@desk.example", "192.0.2.1", now + timedelta(minutes=5))
    assert refused.value.retry_after == 600
    attempts.begin("ben@desk.example", "192.0.2.1", now + timedelta(minutes=15))
