"""NoSQL operator injection (CWE-943): an operator in a body, a path or a query is text, or refused."""

from typing import Any

import pytest
from flask.testing import FlaskClient

OPERATORS: list[Any] = [{"$ne": None}, {"$gt": ""}, {"$regex": ".*"}, {"$where": "sleep(5000)"}, ["ben@desk.example"]]
FIELDS = [
    ("/v1/sign-in", "address", {"password": "a guess"}),
    ("/v1/sign-in", "password", {"address": "ben@desk.example"}),
    ("/v1/sign-in/renewals", "session", {}),
    ("/v1/sign-out", "session", {}),
    ("/v1/password-resets", "address", {}),
    ("/v1/agents", "id", {"name": "Finn", "address": "finn@desk.example"}),
    ("/v1/agents", "address", {"name": "Finn", "id": "finn"}),
    ("/v1/agents", "roles", {"name": "Finn", "id": "finn", "address": "finn@desk.example"}),
]


NAMES = ('{"$ne":null}', "$ne", "%00", "ben%00", "ben.x", "*", "B%C3%A9n", "a" * 200)


@pytest.mark.usefixtures("ben")
def test_in_a_body(web: FlaskClient) -> None:
    for path, field, others in FIELDS:
        for operator in OPERATORS:
            refused = web.post(path, json={**others, field: operator})
            assert refused.status_code == 422
            assert refused.json["errors"][0]["field"].startswith(field)  # type: ignore[index]


def test_as_the_name_of_a_place(web: FlaskClient) -> None:
    for name in ("$where", "a.b", "*.x", "", "__proto__", "\x00"):
        refused = web.patch("/v1/agents/ben", json={"roles": {name: "limited"}}, headers={"If-Match": "*"})
        assert refused.status_code == 422


def test_in_a_query(web: FlaskClient) -> None:
    for query in ("limit[$gt]=0", "cursor[$ne]=x", "$where=1", "limit=1&limit=2", "cursor=%00", "limit=1e3"):
        assert web.get(f"/v1/agents?{query}").status_code == 422


def test_in_a_path(web: FlaskClient) -> None:
    for collection in ("agents", "departments", "routes", "roles", "assignments", "decisions"):
        for name in NAMES:
            assert web.get(f"/v1/{collection}/{name}").status_code == 404
