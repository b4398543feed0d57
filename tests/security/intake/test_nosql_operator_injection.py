"""An operator of the store's query language is never a value: not in a body, not in a query, not in a path."""

from typing import Any

import pytest

from tests.support.intake_desk import ASKED, Desk

OPERATORS: list[dict[str, Any]] = [
    {"$ne": None},
    {"$gt": ""},
    {"$regex": ".*"},
    {"$where": "sleep(100)"},
    {"$in": ["x"]},
]
BODIES = {
    "POST /v1/tickets": ASKED,
    "POST /v1/access": {"address": "ana@customer.example"},
    "PATCH /v1/tickets/{}": {"subject": "x", "tags": ["x"], "custom_fields": {"room": "x"}},
    "POST /v1/tickets/{}/replies": {"text": "x", "as": "requester", "requester": "ana@customer.example"},
    "POST /v1/tickets/{}/triage": {"reason": "x", "impact": "low", "urgency": "low", "topic": "x", "priority": "low"},
    "POST /v1/tickets/{}/rating": {"score": 1, "comment": "x"},
    "PUT /v1/topics/injected": {"name": "x", "impact": "low", "urgency": "low"},
}


@pytest.mark.parametrize("operator", OPERATORS, ids=str)
@pytest.mark.parametrize("route", BODIES)
def test_an_operator_in_any_field_of_a_body_is_refused(desk: Desk, route: str, operator: dict[str, Any]) -> None:
    method, path = route.split()
    ticket = desk.open_ticket()
    for field in BODIES[route]:
        body = {**BODIES[route], field: operator}
        response = desk.client.open(path.format(ticket["id"]), method=method, json=body, headers={"If-Match": "*"})
        assert response.status_code == 422, (field, response.text)


@pytest.mark.parametrize("name", ["status", "severity", "department", "assignee", "topic", "requester", "number"])
def test_an_operator_in_a_query_is_refused_or_finds_nothing(desk: Desk, name: str) -> None:
    desk.open_ticket()
    for query in (f"{name}[$ne]=x", f"{name}[]=x", f"{name}.$ne=x", f'{name}={{"$ne":null}}'):
        response = desk.client.get(f"/v1/tickets?{query}")
        assert response.status_code == 422 or response.json == {"data": [], "next": None}


def test_a_field_whose_name_is_an_operator_is_refused(desk: Desk) -> None:
    for name in ("$where", "$set", "requester.$id", "shown.assignment"):
        assert desk.client.post("/v1/tickets", json={**ASKED, name: "x"}).status_code == 422
        custom = {**ASKED, "custom_fields": {name: "x"}}
        assert desk.client.post("/v1/tickets", json=custom).status_code == 422
