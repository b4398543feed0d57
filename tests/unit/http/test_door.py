"""Who knocks is found out before anything else, and what is not allowed is not done."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from flask.testing import FlaskClient
from pymongo.database import Database

from shared.access import api_keys
from shared.moments import utc_now
from shared.store.documents import Document
from tests.support import access
from tests.support.access import Headers
from tests.unit.http.kiosk import TICKET_ID

RECEIPT = f"/v1/receipts/{TICKET_ID}"


def agent(name: str) -> Headers:
    return access.signed_in("agent", name)


def requester(name: str, ticket_id: str | None = None) -> Headers:
    return access.signed_in("requester", name, ticket_id)


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic ZGFuYTpzZWNyZXQ=",
        "Bearer rdk_x",
        "Bearer rdk_x_y",
        "Bearer rdk__",
        "Bearer not.a.token",
        "Bearer " + "x" * 4000,
        'Bearer {"$ne": null}',
    ],
)
def test_who_does_not_say_who_he_is_is_asked(authorization: str, web: FlaskClient) -> None:
    answer = web.get("/v1/articles", headers={"Authorization": authorization} if authorization else {})
    assert (answer.status_code, answer.get_json()["title"]) == (401, "Who are you?")


def test_a_stranger_is_not_told_which_routes_there_are(web: FlaskClient) -> None:
    assert web.get("/v1/nothing").status_code == 401
    assert web.delete("/v1/articles").status_code == 401
    assert web.get("/v1/nothing", headers=agent("vera")).status_code == 404
    assert web.delete("/v1/articles", headers=agent("vera")).status_code == 405


def test_a_disabled_agent_is_nobody(web: FlaskClient) -> None:
    assert web.get("/v1/articles", headers=agent("gus")).status_code == 401


def test_an_agent_whom_the_service_has_not_heard_of_is_nobody(web: FlaskClient) -> None:
    assert web.get("/v1/articles", headers=agent("nora")).status_code == 401


def test_a_permission_opens_what_needs_it_and_nothing_more(web: FlaskClient) -> None:
    assert web.get("/v1/articles", headers=agent("vera")).status_code == 200
    refused = web.put("/v1/articles/pens", json={"name": "pens"}, headers=agent("vera"))
    assert refused.status_code == 403
    assert refused.get_json()["detail"] == "This needs the permission plan.manage. An administrator can give it to you."


@pytest.mark.parametrize(
    ("sign_in", "seen", "done"),
    [
        (partial(agent, "vera"), 200, 403),  # may look in the department
        (partial(agent, "erik"), 404, 404),  # of another department
        (partial(agent, "ben"), 200, 200),  # of another department, but has it
        (partial(agent, "dana"), 200, 200),
        (partial(requester, "ana"), 200, 200),
        (partial(requester, "ana", TICKET_ID), 200, 200),
        (partial(requester, "ana", "0190a0a0-0000-7000-8000-0000000000ab"), 404, 404),  # a link to another ticket
        (partial(requester, "benno"), 404, 404),
    ],
)
def test_a_ticket_out_of_reach_is_not_there(
    sign_in: Callable[[], Headers], seen: int, done: int, web: FlaskClient
) -> None:
    headers = sign_in()  # not before the test: a token lives five minutes
    assert web.get(RECEIPT, headers=headers).status_code == seen
    assert web.post(RECEIPT, headers=headers).status_code == done


def test_a_role_in_one_department_gives_nothing_of_the_whole_desk(rows: Database[Document], web: FlaskClient) -> None:
    rows["roles"].insert_one({"_id": "planner", "permissions": ["desk.view", "plan.manage"]})
    access.seat_agent(rows, "petra", {"support": "planner"})
    assert web.put("/v1/articles/pens", json={"name": "pens"}, headers=agent("petra")).status_code == 403
    access.seat_agent(rows, "paul", {"*": "planner"})
    assert web.put("/v1/articles/pens", json={"name": "pens"}, headers=agent("paul")).status_code == 200


def test_a_key_does_what_its_scopes_say_until_it_ends(rows: Database[Document], web: FlaskClient) -> None:
    assert web.get("/v1/articles", headers=access.key_with(rows, "tickets:read")).status_code == 200
    assert web.get("/v1/articles", headers=access.key_with(rows, "mail")).status_code == 403
    assert web.get("/v1/articles", headers=access.key_with(rows, "a scope of later")).status_code == 403
    assert web.get("/v1/articles", headers=access.key_with(rows)).status_code == 403
    over = utc_now() - timedelta(seconds=1)
    assert web.get("/v1/articles", headers=access.key_with(rows, "tickets", expires_at=over)).status_code == 401
    assert web.get("/v1/articles", headers=access.key_with(rows, "tickets", is_revoked=True)).status_code == 401


def test_an_expiry_counts_from_its_very_moment() -> None:
    at = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    _, key, secret_sha256 = api_keys.new_key()
    row = {"secret_sha256": secret_sha256, "expires_at": at, "revoked": False}
    parts = api_keys.split(key)
    assert parts is not None
    assert api_keys.opens(row, parts[1], at - timedelta(seconds=1))
    assert not api_keys.opens(row, parts[1], at)


def test_who_acts_for_an_agent_may_do_what_both_may(rows: Database[Document], web: FlaskClient) -> None:
    for scope, name, status in (
        ("tickets", "ben", 200),
        ("tickets", "vera", 403),  # she may not reply
        ("tickets:read", "ben", 403),  # the key may not
        ("tickets", "erik", 404),
        ("tickets", "gus", 422),  # disabled
        ("tickets", "nobody", 422),
    ):
        headers = {**access.key_with(rows, scope), "X-On-Behalf-Of": name}
        assert web.post(RECEIPT, headers=headers).status_code == status


def test_a_token_acts_for_nobody_else(web: FlaskClient) -> None:
    refused = web.post(RECEIPT, headers={**agent("dana"), "X-On-Behalf-Of": "ben"})
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["field"] == "X-On-Behalf-Of"
