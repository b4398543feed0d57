"""Weak password recovery (CWE-640): an empty, guessed or reshaped invitation matches no account."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient

from shared.access.signed_link import Link, sign
from shared.moments import utc_now
from tests.integration.assignment.desk import LINK_SECRET, Desk
from tests.support.eventually import eventually

LINKS = ("%20", "%00", "%09", "null", "None", "undefined", "0", ".", "..", "a" * 3000, "é", "{}", ".%20", "W10.")
NO_PASSWORDS: list[Any] = [None, "", " ", " " * 20, "\x00" * 20, 10**12, True, [], ["a" * 20], {"$ne": None}]


def test_a_link_that_we_did_not_sign_is_no_invitation(desk: Desk, door: FlaskClient) -> None:
    for invitation in (None, {"id": "", "expires_at": None}, {"id": None, "expires_at": None}):
        desk.database.accounts.update_one({"_id": "ben"}, {"$set": {"invitation": invitation}})
        for link in LINKS:
            assert door.get(f"/v1/invitations/{link}").status_code == 404
            assert door.post(f"/v1/invitations/{link}", json={"password": "seven quiet lighthouses"}).status_code == 404
    assert desk.database.accounts.count_documents({"password_hash": {"$ne": None}}) == 0


def test_a_link_for_something_else_is_no_invitation(desk: Desk, door: FlaskClient) -> None:
    desk.invite("ben")
    account = desk.database.accounts.find_one({"_id": "ben"}) or {}
    invitation = account["invitation"]
    for purpose in ("ticket", "requester", ""):
        other = sign(Link(purpose, invitation["id"], "ben", utc_now(), invitation["expires_at"]), LINK_SECRET)
        assert door.get(f"/v1/invitations/{other}").status_code == 404


def test_one_agents_invitation_opens_no_other_agents_account(desk: Desk, door: FlaskClient) -> None:
    desk.invite("ben")
    account = desk.database.accounts.find_one({"_id": "ben"}) or {}
    invitation = account["invitation"]
    other = sign(Link("invitation", invitation["id"], "dana", utc_now(), invitation["expires_at"]), LINK_SECRET)
    assert door.get(f"/v1/invitations/{other}").status_code == 404


def test_a_link_in_other_letters_is_no_invitation(desk: Desk, door: FlaskClient) -> None:
    link = desk.invite("ben")
    for other in (link.swapcase(), link + "=", link[:-1], quote(link + " "), quote(" " + link), link + "%00"):
        assert door.get(f"/v1/invitations/{other}").status_code == 404
    assert door.get(f"/v1/invitations/{link}").status_code == 200


def test_what_is_no_password_is_not_taken_for_one(desk: Desk, door: FlaskClient) -> None:
    link = desk.invite("ben")
    for password in NO_PASSWORDS:
        assert door.post(f"/v1/invitations/{link}", json={"password": password}).status_code == 422
    assert desk.database.accounts.count_documents({"password_hash": {"$ne": None}}) == 0
    assert door.get(f"/v1/invitations/{link}").status_code == 200


def test_two_who_open_an_invitation_at_once_do_not_both_succeed(desk: Desk, door: FlaskClient) -> None:
    link = desk.invite("ben")

    def choose(number: int) -> int:
        chosen = door.application.test_client().post(
            f"/v1/invitations/{link}", json={"password": f"lighthouse number {number}"}
        )
        return int(chosen.status_code)

    with ThreadPoolExecutor(4) as together:
        assert sorted(together.map(choose, range(4))) == [201, 404, 404, 404]


def test_a_strangers_reset_does_not_shorten_an_invitation(desk: Desk, door: FlaskClient) -> None:
    desk.invite("ben")
    before = door.get(f"/v1/invitations/{desk.mailed_links('ben')[0]}").json or {}
    assert door.post("/v1/password-resets", json={"address": "ben@desk.example"}).status_code == 202
    links = eventually(lambda: desk.mailed_links("ben"), lambda mailed: len(mailed) == 2)
    after = door.get(f"/v1/invitations/{links[1]}").json or {}
    assert after["expires_at"] == before["expires_at"]
    assert door.post(f"/v1/invitations/{links[1]}", json={"password": "seven quiet lighthouses"}).status_code == 201


def test_a_forged_host_gets_into_no_reset(desk: Desk, door: FlaskClient) -> None:
    """Password reset poisoning: what is mailed is made from the event, and the base address from the settings."""
    forged = dict.fromkeys(("Host", "X-Forwarded-Host", "Forwarded"), "evil.example")
    reset = door.post("/v1/password-resets", json={"address": "ben@desk.example"}, headers=forged)
    assert reset.status_code == 202
    eventually(lambda: desk.mailed_links("ben"))
    assert b"evil" not in b"".join(row["body"] for row in desk.database.event_log.find())
