"""Improperly controlled modification of object attributes (CWE-915): what the server owns, no body sets."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.integration.assignment.desk import Desk, bearer

FINN = {"id": "finn", "name": "Finn", "address": "finn@desk.example"}
OWNED = {
    "_id": "administrator",
    "version": 99,
    "revision": 99,
    "generation": -1,
    "time": "2020-01-01T00:00:00Z",
    "password_hash": "x",
    "invitation": {"id": "i"},
    "open": 0,
    "holders": ["ben"],
    "secret_sha256": "x",
    "revoked": False,
    "last_used_at": None,
    "roster_version": 1,
    "topics": ["x"],
    "kind": "agent",
    "__class__": "x",
}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/v1/agents"): FINN,
    ("PATCH", "/v1/agents/ben"): {"capacity": 1},
    ("PUT", "/v1/departments/support"): {"name": "Support"},
    ("PUT", "/v1/routes/network"): {"department_id": "support"},
    ("PUT", "/v1/roles/limited"): {"name": "Limited", "permissions": []},
    ("POST", "/v1/api-keys"): {"name": "key"},
    ("POST", "/v1/sign-in"): {"address": "ben@desk.example", "password": "a guess"},
    ("POST", "/v1/password-resets"): {"address": "ben@desk.example"},
}


@pytest.mark.parametrize("route", BODIES, ids=lambda route: " ".join(route))
def test_a_field_that_the_server_owns_is_refused(web: FlaskClient, route: tuple[str, str]) -> None:
    method, path = route
    for field, value in OWNED.items():
        refused = web.open(path, method=method, json={**BODIES[route], field: value}, headers={"If-Match": "*"})
        assert refused.status_code == 422
        assert refused.json is not None
        [reason] = refused.json["errors"]
        assert (reason["field"], reason["rule"]) == (field, "Unknown field.")


def test_an_agent_sets_nothing_of_himself_but_whether_he_is_there(desk: Desk, door: FlaskClient, ben: Any) -> None:
    wishes: list[dict[str, Any]] = [
        {"roles": {"*": "administrator"}},
        {"active": True},
        {"capacity": 0},
        {"name": "Ada"},
    ]
    for wish in wishes:
        for path in ("/v1/me", "/v1/agents/ben"):
            refused = door.patch(path, json={"available": True, **wish}, headers={**bearer(ben), "If-Match": "*"})
            assert refused.status_code in (403, 422)
    assert desk.database.agents.count_documents({"_id": "ben", "version": 2}) == 1
