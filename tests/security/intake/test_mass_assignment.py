"""What is ours to set is refused by name, wherever somebody tries to send it along."""

import pytest

from tests.support.intake_desk import ASKED, Desk, answered

OURS = {
    "_id": "0195b3c0-0000-7000-8000-000000000001",
    "id": "0195b3c0-0000-7000-8000-000000000001",
    "number": "1",
    "status": "closed",
    "severity": "sev_a",
    "priority": "emergency",
    "is_priority_overridden": True,
    "escalated_to": "emergency",
    "version": 99,
    "revision": 99,
    "channel": "email",
    "follows": "0195b3c0-0000-7000-8000-000000000001",
    "opened_by": "nick",
    "links_valid_from": "2020-01-01T00:00:00Z",
    "external_key": "another sender",
    "first_of": "2026-03-02T09 ana@customer.example",
    "automatic": True,
    "shown": {"assignment": {"department": {"id": "networks"}}},
    "rating": 5,
    "actor": {"kind": "agent", "id": "ben"},
    "ticket_id": "0195b3c0-0000-7000-8000-000000000001",
    "requester_address": "eve@elsewhere.example",
}


@pytest.mark.parametrize("field", OURS)
def test_opening_a_ticket_sets_nothing_of_ours(desk: Desk, field: str) -> None:
    refused = desk.client.post("/v1/tickets", json={**ASKED, field: OURS[field]})
    assert (refused.status_code, answered(refused)["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize("field", [*OURS, "requester", "external_reference"])
def test_editing_a_ticket_sets_nothing_of_ours(desk: Desk, field: str) -> None:
    ticket = desk.open_ticket()
    edited = {"subject": "Better", field: OURS.get(field, "x")}
    refused = desk.client.patch(f"/v1/tickets/{ticket['id']}", json=edited, headers={"If-Match": "*"})
    assert (refused.status_code, answered(refused)["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize("field", ["vip", "organisation", "id", "links_valid_from", "language"])
def test_opening_a_ticket_makes_nobody_more_than_he_is(desk: Desk, field: str) -> None:
    asked = {**ASKED, "requester": {"address": "new@customer.example", field: True}}
    refused = desk.client.post("/v1/tickets", json=asked)
    assert (refused.status_code, answered(refused)["errors"][0]["field"]) == (422, f"requester.{field}")


@pytest.mark.parametrize("field", ["id", "address", "version", "links_valid_from"])
def test_changing_a_requester_leaves_what_he_is_known_by(desk: Desk, field: str) -> None:
    requester = desk.open_ticket()["requester"]
    changed = {"name": "Ana B.", field: "x"}
    refused = desk.client.patch(f"/v1/requesters/{requester['id']}", json=changed, headers={"If-Match": "*"})
    assert (refused.status_code, answered(refused)["errors"][0]["field"]) == (422, field)
