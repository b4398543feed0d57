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


@pytest.mark.usefixtures("ben")
@pytest.mark.parametrize("operator", OPERATORS, ids=str)
@pytest.mark.parametrize(("path", "field", "others"), FIELDS)
def test_in_a_body(web: FlaskClient, path: str, field: str, others: dict[str, Any], operator: Any) -> None:
    refused = web.post(path, json={**others, field: operator})
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"].startswith(field)  # type: ignore[index]


@pytest.mark.parametrize("name", ["$where", "a.b", "*.x", "", "__proto__", "\x00"])
def test_as_the_name_of_a_place(web: FlaskClient, name: str) -> None:
    refused = web.patch("/v1/agents/ben", json={"roles": {name: "limited"}}, headers={"If-Match": "*"})
    assert refused.status_code == 422


@pytest.mark.parametrize(
    "query", ["limit[$gt]=0", "cursor[$ne]=x", "$where=1", "limit=1&limit=2", "cursor=%00", "limit=1e3"]
)
def test_in_a_query(web: FlaskClient, query: str) -> None:
    assert web.get(f"/v1/agents?{query}").status_code == 422


@pytest.mark.parametrize("name", ['{"$ne":null}', "$ne", "%00", "ben%00", "ben.x", "*", "B%C3%A9n", "a" * 200])
@pytest.mark.parametrize("collection", ["agents", "departments", "routes", "roles", "assignments", "decisions"])
def test_in_a_path(web: FlaskClient, collection: str, name: str) -> None:
    assert web.get(f"/v1/{collection}/{name}").status_code == 404
