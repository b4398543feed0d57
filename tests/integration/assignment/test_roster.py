"""The HTTP door: agents, their roles, departments, the routes of help topics, API keys."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.access.key_uses import KeyUses
from shared.access.permissions import VIEW
from tests.integration.assignment.desk import Desk
from tests.support import access

FINN = {
    "id": "finn",
    "name": "Finn Berg",
    "address": "finn@desk.example",
    "departments": ["support"],
    "skills": ["linux"],
}
ANY = {"If-Match": "*"}


@pytest.fixture
def lead(desk: Desk) -> access.Headers:
    """Lena may manage agents, roles and keys everywhere, and else what expanded allows."""
    permissions = ["agent.manage", "api_key.manage", "role.manage", *sorted(VIEW)]
    access.seat_agent(desk.database, "lena", {"*": "lead"})
    desk.database.roles.insert_one({"_id": "lead", "permissions": permissions, "revision": 1})
    return access.signed_in("agent", "lena")


def test_an_agent_comes_and_changes_and_each_change_is_announced(desk: Desk, web: FlaskClient) -> None:
    made = web.post("/v1/agents", json={**FINN, "address": "Finn@Desk.example"})
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    assert web.patch("/v1/agents/finn", json={"capacity": 5}, headers=ANY).json["version"] == 2  # type: ignore[index]
    assert web.patch("/v1/agents/finn", json={"capacity": 5}, headers=ANY).json["version"] == 2  # type: ignore[index]
    assert [(e.sequence, e.data.capacity) for e in desk.log("finn")] == [(1, 20), (2, 5)]
    assert desk.log("finn")[0].data.address == "finn@desk.example"
    shown = web.get("/v1/agents/finn").json
    assert shown is not None
    assert shown["roles"] == {"support": "expanded"}
    assert not {"generation", "password_hash", "revision"} & set(shown)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("departments", ["kitchen"]),
        ("roles", {"kitchen": "limited"}),
        ("roles", {"support": "cook"}),
        ("roles", {"Support!": "limited"}),
        ("capacity", "5"),
        ("name", "Finn\r\nBcc: all@desk.example"),
        ("name", "   "),
        ("address", "finn"),
        ("address", "jürgen@desk.example"),
        ("shoe_size", 43),
    ],
)
def test_a_field_that_breaks_its_rule_is_named(web: FlaskClient, field: str, value: Any) -> None:
    refused = web.post("/v1/agents", json={**FINN, field: value})
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"].startswith(field)  # type: ignore[index]


def test_an_id_and_an_address_are_given_once(web: FlaskClient) -> None:
    assert web.post("/v1/agents", json=FINN).status_code == 201
    assert web.post("/v1/agents", json={**FINN, "address": "other@desk.example"}).status_code == 409
    assert web.post("/v1/agents", json={**FINN, "id": "finn2", "address": "FINN@desk.example"}).status_code == 409


def test_who_changes_something_says_which_version_he_looked_at(web: FlaskClient) -> None:
    assert web.patch("/v1/agents/ben", json={"capacity": 5}).status_code == 428
    assert web.patch("/v1/agents/ben", json={"capacity": 5}, headers={"If-Match": '"9"'}).status_code == 412
    assert web.patch("/v1/agents/ben", json={"capacity": 5}, headers={"If-Match": '"1"'}).status_code == 200
    named = {"name": "Kitchen", "manager_id": "ben"}
    assert web.put("/v1/departments/kitchen", json=named).status_code == 200
    assert web.put("/v1/departments/kitchen", json=named).status_code == 428
    assert web.put("/v1/departments/kitchen", json=named, headers={"If-Match": '"1"'}).status_code == 200
    assert web.put("/v1/departments/hall", json=named, headers={"If-Match": '"1"'}).status_code == 412


def test_lists_come_in_pages(web: FlaskClient) -> None:
    first = web.get("/v1/agents?limit=3").json
    assert first is not None
    assert [agent["id"] for agent in first["data"]] == ["ben", "cleo", "dana"]
    second = web.get(f"/v1/agents?limit=3&cursor={first['next']}").json
    assert second is not None
    assert ([agent["id"] for agent in second["data"]], second["next"]) == (["erik"], None)


def test_a_route_moves_its_topic_between_departments(desk: Desk, web: FlaskClient) -> None:
    moved = web.put("/v1/routes/hardware", json={"department_id": "support", "skills": ["linux"]}, headers=ANY)
    assert moved.json == {"topic": "hardware", "department_id": "support", "skills": ["linux"], "version": 2}
    assert web.get("/v1/departments/support").json["topics"] == ["access", "billing", "general", "hardware"]  # type: ignore[index]
    assert web.get("/v1/departments/infrastructure").json["topics"] == ["monitoring", "network"]  # type: ignore[index]
    assert desk.log("department:support")[-1].data.topics == ("access", "billing", "general", "hardware")


def test_who_manages_a_department_has_an_account_in_use(web: FlaskClient) -> None:
    assert web.patch("/v1/agents/ben", json={"active": False}, headers=ANY).status_code == 200
    for manager in ("ben", "nobody"):
        refused = web.put("/v1/departments/kitchen", json={"name": "Kitchen", "manager_id": manager})
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "manager_id")  # type: ignore[index]
    assert web.put("/v1/departments/kitchen", json={"name": "Kitchen", "manager_id": "erik"}).status_code == 200


def test_a_place_where_somebody_works_without_a_role_of_its_own_gives_the_usual_one(web: FlaskClient) -> None:
    def change(**fields: Any) -> Any:
        return web.patch("/v1/agents/ben", json=fields, headers=ANY).json

    assert change(departments=["infrastructure", "support"])["roles"] == {
        "infrastructure": "expanded",
        "support": "expanded",
    }
    assert change(roles={"support": "all_access", "*": "view_only"})["roles"] == {
        "*": "view_only",
        "infrastructure": "expanded",
        "support": "all_access",
    }
    assert change(departments=["infrastructure"])["roles"] == {"*": "view_only", "infrastructure": "expanded"}


def test_roles_are_seeded_made_and_changed_and_told(desk: Desk, web: FlaskClient) -> None:
    seeded = web.get("/v1/roles").json
    assert seeded is not None
    assert [role["id"] for role in seeded["data"]] == [
        "administrator",
        "all_access",
        "expanded",
        "limited",
        "view_only",
    ]
    made = web.put("/v1/roles/triage", json={"name": "Triage", "permissions": ["ticket.view", "ticket.triage"]})
    assert made.json == {
        "id": "triage",
        "name": "Triage",
        "permissions": ["ticket.triage", "ticket.view"],
        "version": 1,
    }
    assert web.get("/v1/roles/triage").headers["ETag"] == '"1"'
    assert [event.data.permissions for event in desk.log("role:triage")] == [("ticket.triage", "ticket.view")]
    unknown = web.put("/v1/roles/cook", json={"name": "Cook", "permissions": ["kitchen.enter"]})
    assert (unknown.status_code, unknown.json["errors"][0]["field"]) == (422, "permissions.0")  # type: ignore[index]
    fixed = web.put("/v1/roles/administrator", json={"name": "Nobody", "permissions": []}, headers=ANY)
    assert (fixed.status_code, fixed.json["type"]) == (409, "urn:relaydesk:administrators-stay")  # type: ignore[index]


def test_the_last_administrator_stays_one(web: FlaskClient) -> None:
    def change(agent: str, **fields: Any) -> Any:
        return web.patch(f"/v1/agents/{agent}", json=fields, headers=ANY)

    for agent in ("ben", "erik"):
        assert change(agent, roles={"*": "administrator"}).status_code == 200
    assert change("ben", active=False).status_code == 200
    losses: list[dict[str, Any]] = [{"active": False}, {"roles": {}}, {"roles": {"*": "all_access"}}]
    for fields in losses:
        refused = change("erik", **fields)
        assert (refused.status_code, refused.json["type"]) == (409, "urn:relaydesk:last-administrator")
    assert change("ben", active=True).status_code == 200
    assert change("erik", active=False).status_code == 200


def test_nobody_gives_or_takes_more_than_he_has(web: FlaskClient, lead: access.Headers) -> None:
    def refused(answer: Any) -> bool:
        return bool(answer.status_code == 403 and answer.json["type"] == "urn:relaydesk:more-than-one-has")

    match = {**lead, **ANY}
    own = {"name": "Key", "scopes": ["tickets:read"]}
    viewer = {**FINN, "departments": [], "roles": {"*": "view_only"}}
    assert web.post("/v1/agents", json=viewer, headers=lead).status_code == 201
    assert web.post("/v1/api-keys", json=own, headers=lead).status_code == 201
    assert refused(web.post("/v1/agents", json={**FINN, "id": "finn2", "address": "f@desk.example"}, headers=lead))
    assert refused(web.patch("/v1/agents/finn", json={"roles": {"*": "administrator"}}, headers=match))
    assert refused(web.patch("/v1/agents/ben", json={"address": "lena2@desk.example"}, headers=match))
    assert refused(web.post("/v1/api-keys", json={**own, "scopes": ["tickets"]}, headers=lead))
    assert refused(web.put("/v1/roles/lead", json={"name": "Lead", "permissions": ["plan.manage"]}, headers=match))
    assert refused(web.put("/v1/roles/limited", json={"name": "Less", "permissions": []}, headers=match))


def test_a_key_is_shown_once_works_at_once_and_ends_when_revoked(desk: Desk, web: FlaskClient) -> None:
    made = web.post("/v1/api-keys", json={"name": "monitoring", "scopes": ["tickets"]})
    assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store")
    assert made.json is not None
    key = {"Authorization": f"Bearer {made.json['key']}"}
    assert web.get("/v1/agents", headers=key).status_code == 200
    assert web.post("/v1/agents", json=FINN, headers=key).status_code == 403
    assert web.get("/v1/api-keys", headers=key).status_code == 403
    listed = web.get("/v1/api-keys").json
    assert listed is not None
    assert [set(row) for row in listed["data"]] == [
        {"id", "name", "scopes", "issued_at", "expires_at", "revoked_at", "last_used_at"}
    ] * 2
    assert web.delete(f"/v1/api-keys/{made.json['id']}").json["revoked_at"]  # type: ignore[index]
    assert [event.type for event in desk.log(made.json["id"])] == ["api_key.issued", "api_key.revoked"]
    desk.hear_itself()  # hearing of its own keys changes nothing
    row = desk.database.api_keys.find_one({"_id": made.json["id"]})
    assert row is not None
    assert row["revoked"] is True


def test_a_key_that_would_be_over_at_once_is_not_issued(web: FlaskClient) -> None:
    refused = web.post("/v1/api-keys", json={"name": "old", "expires_at": "2020-01-01T00:00:00Z"})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "expires_at")  # type: ignore[index]


@pytest.mark.parametrize("edge", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_an_expiry_beyond_the_calendar_is_refused_by_name(web: FlaskClient, edge: str) -> None:
    refused = web.post("/v1/api-keys", json={"name": "for ever", "expires_at": edge})
    assert refused.status_code == 422
    assert refused.json["errors"] == [  # type: ignore[index]
        {
            "field": "expires_at",
            "rule": "Must be within the years 1 to 9999 in UTC.",
            "remedy": "Send a value that keeps the rule.",
        }
    ]


def test_an_expiry_of_another_zone_is_kept_and_shown_in_utc(web: FlaskClient) -> None:
    for given, kept in (
        ("2040-06-01T02:00:00+02:00", "2040-06-01T00:00:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    ):
        made = web.post("/v1/api-keys", json={"name": "monitoring", "expires_at": given})
        assert (made.status_code, made.json["expires_at"]) == (201, kept)  # type: ignore[index]
    assert [row["expires_at"] for row in web.get("/v1/api-keys").json["data"]][1:] == [  # type: ignore[index]
        "2040-06-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
    ]


def test_a_keys_answer_is_not_kept_to_be_repeated(desk: Desk, web: FlaskClient) -> None:
    refused = web.post("/v1/api-keys", json={"name": "twice"}, headers={"Idempotency-Key": "1"})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "Idempotency-Key")  # type: ignore[index]
    assert desk.database.idempotency.count_documents({}) == 0


def test_the_last_use_of_a_key_at_any_door_is_shown_with_it(desk: Desk, web: FlaskClient) -> None:
    [first] = web.get("/v1/api-keys").json["data"]  # type: ignore[index]
    assert first["last_used_at"] is None
    uses = KeyUses(desk.door, "assignment")
    for _ in range(2):  # the second within five minutes is not told
        uses.note(first["id"])
        uses.tell()
    assert [event.type for event in desk.log(f"{first['id']}:assignment")] == ["api_key.used"]
    desk.hear_itself()
    [used] = web.get("/v1/api-keys").json["data"]  # type: ignore[index]
    assert used["last_used_at"] > first["issued_at"]
