"""Insufficient session expiration (CWE-613): rights that were taken away leave no door open."""

from typing import Any

from flask.testing import FlaskClient

from tests.integration.assignment.desk import Desk, bearer
from tests.support.eventually import eventually

ANY = {"If-Match": "*"}


def is_refused(door: FlaskClient, headers: dict[str, str]) -> bool:
    return door.get("/v1/me", headers=headers).status_code == 401


def test_a_disabled_agent_is_out_within_a_second(door: FlaskClient, web: FlaskClient, ben: Any, password: str) -> None:
    assert not is_refused(door, bearer(ben))
    assert web.patch("/v1/agents/ben", json={"active": False}, headers=ANY).status_code == 200
    eventually(lambda: is_refused(door, bearer(ben)), within=2)
    assert door.post("/v1/sign-in/renewals", json={"session": ben.json["session"]}).status_code == 401
    assert door.post("/v1/sign-in", json={"address": "ben@desk.example", "password": password}).status_code == 401
    for_ben = {"Authorization": web.environ_base["HTTP_AUTHORIZATION"], "X-On-Behalf-Of": "ben"}
    assert door.get("/v1/me", headers=for_ben).status_code == 422


def test_who_is_enabled_again_must_sign_in_anew(door: FlaskClient, web: FlaskClient, ben: Any, password: str) -> None:
    for active in (False, True):
        web.patch("/v1/agents/ben", json={"active": active}, headers=ANY)
    eventually(lambda: is_refused(door, bearer(ben)), within=2)
    assert door.post("/v1/sign-in/renewals", json={"session": ben.json["session"]}).status_code == 401
    again = door.post("/v1/sign-in", json={"address": "ben@desk.example", "password": password})
    assert again.status_code == 201
    assert not is_refused(door, bearer(again))


def test_a_new_password_ends_tokens_from_before(desk: Desk, door: FlaskClient, ben: Any) -> None:
    assert not is_refused(door, bearer(ben))
    reset = door.post(f"/v1/invitations/{desk.invite('ben')}", json={"password": "eight loud harbours"})
    eventually(lambda: is_refused(door, bearer(ben)), within=2)
    assert not is_refused(door, bearer(reset))
    assert door.post("/v1/sign-in/renewals", json={"session": ben.json["session"]}).status_code == 401


def test_the_services_elsewhere_are_told_which_tokens_are_over(desk: Desk, web: FlaskClient, ben: Any) -> None:
    web.patch("/v1/agents/ben", json={"active": False}, headers=ANY)
    told = [event.data for event in desk.log("ben")]
    assert [(data.generation, data.active) for data in told] == [(0, True), (1, True), (2, False)]


def test_an_invitation_ends_with_the_next_with_the_account_and_with_the_address(
    desk: Desk, door: FlaskClient, web: FlaskClient
) -> None:
    def is_open(link: str) -> bool:
        chosen = door.post(f"/v1/invitations/{link}", json={"password": "no"})
        assert chosen.status_code in (404, 422)
        return chosen.status_code == 422  # open, but that is no password

    first, second = desk.invite("ben"), desk.invite("ben")
    assert (is_open(first), is_open(second)) == (False, True)
    web.patch("/v1/agents/ben", json={"address": "ben.okafor@desk.example"}, headers=ANY)
    assert not is_open(second)  # the mail went to somebody else, perhaps
    third = desk.invite("ben")
    for active in (False, True):
        web.patch("/v1/agents/ben", json={"active": active}, headers=ANY)
    assert not is_open(third)


def test_a_role_taken_away_opens_nothing_within_a_second(web: FlaskClient, door: FlaskClient, ben: Any) -> None:
    assert door.get("/v1/roles", headers=bearer(ben)).status_code == 200
    web.put("/v1/roles/nothing", json={"name": "Nothing", "permissions": []})
    web.patch("/v1/agents/ben", json={"roles": {"support": "nothing"}}, headers=ANY)
    eventually(lambda: door.get("/v1/roles", headers=bearer(ben)).status_code == 403, within=2)
