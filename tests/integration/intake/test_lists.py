from typing import Any

import pytest
from flask.testing import FlaskClient
from pymongo.database import Database

from services.intake.reach import within_reach
from shared.access.may import Principal
from shared.store.documents import Document
from tests.integration.intake.doors import BEN, body, open_ticket

SUE = Principal("agent", "sue", "Sue", {name: frozenset({"ticket.view"}) for name in ("support", "billing", "sales")})
ANA = Principal("requester", "0195b3c0-0000-7000-8000-000000000001", "Ana")


def ids(page: dict[str, list[dict[str, str]]]) -> list[str]:
    return [row["id"] for row in page["data"]]


def test_a_list_is_leafed_through_newest_first(client: FlaskClient) -> None:
    who = {"requester": {"address": "leaf@customer.example"}}
    opened = [open_ticket(client, **who)["id"] for _ in range(5)]
    newest_first = sorted(opened, reverse=True)
    first = client.get("/v1/tickets?requester=Leaf@customer.example&limit=2")
    assert ids(body(first)) == newest_first[:2]
    second = client.get(first.headers["Link"].split(">")[0].lstrip("<"))
    assert ids(body(second)) == newest_first[2:4]
    last = client.get(
        "/v1/tickets",
        query_string={"requester": who["requester"]["address"], "limit": 2, "cursor": body(second)["next"]},
    )
    assert ids(body(last)) == newest_first[4:]
    assert body(last)["next"] is None
    assert "Link" not in last.headers


def test_a_list_is_filtered(client: FlaskClient) -> None:
    who = {"requester": {"address": "filter@customer.example"}}
    new = open_ticket(client, **who)["id"]
    closed = open_ticket(client, **who, topic="billing")["id"]
    client.post(f"/v1/tickets/{closed}/close", json={"reason": "spam"}, headers=BEN)

    def found(**asked: str) -> list[str]:
        return ids(body(client.get("/v1/tickets", query_string={"requester": "filter@customer.example", **asked})))

    assert found(status="new") == [new]
    assert found(status="closed") == [closed]
    assert sorted(found(status="new,closed")) == sorted([new, closed])
    assert found(topic="billing") == [closed]
    assert found(severity="sev_b", priority="high") == [new]
    assert found(overdue="true") == []
    assert found(sort="oldest") == sorted([new, closed])


def test_what_a_list_does_not_understand_is_refused_by_name(client: FlaskClient) -> None:
    for name, value in [
        ("limit", "101"),
        ("status", "lost"),
        ("cursor", "nonsense!"),
        ("colour", "blue"),
        ("sort", "x"),
    ]:
        response = client.get("/v1/tickets", query_string={name: value})
        assert response.status_code == 422
        assert body(response)["errors"][0]["field"] == name


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"severity": "sev_a"},
        {"priority": "emergency"},
        {"topic": "network"},
        {"shown.assignment.department.id": "support"},
        {"shown.assignment.assignee.id": "ben"},
        {"requester.id": "0195b3c0-0000-7000-8000-000000000001"},
        {"shown.sla.is_overdue": True},
    ],
)
def test_every_list_is_read_from_an_index_in_its_order(database: Database[Document], wanted: dict[str, Any]) -> None:
    assert is_read_in_order(database, {**wanted, "status": {"$in": ["new", "open", "on_hold"]}})


@pytest.mark.parametrize("who", [SUE, ANA], ids=["agent", "requester"])
@pytest.mark.parametrize(
    "wanted", [{}, {"severity": "sev_a"}, {"_id": {"$lt": "0195b3c0-0000-7000-8000-000000000001"}}]
)
def test_so_is_what_is_within_somebodys_reach(
    database: Database[Document], who: Principal, wanted: dict[str, Any]
) -> None:
    asked = {**wanted, "status": {"$in": ["new", "open", "on_hold"]}}
    assert is_read_in_order(database, {"$or": [{"$and": [asked, branch]} for branch in within_reach(who) or []]})


def is_read_in_order(database: Database[Document], query: dict[str, Any]) -> bool:
    plan = str(database["tickets"].find(query).sort("_id", -1).limit(26).explain()["queryPlanner"]["winningPlan"])
    return "'stage': 'IXSCAN'" in plan and "'stage': 'SORT'" not in plan
