"""The HTTP door: agents, departments, routes, keys, and orders on a ticket."""

import threading
from functools import partial

from flask.testing import FlaskClient

from services.assignment.handlers.change_agent import change_agent
from tests.integration.assignment.desk import Desk
from tests.unit.assignment.cast import TICKET, created, ticket

FINN = {
    "id": "finn",
    "name": "Finn Berg",
    "address": "finn@desk.example",
    "departments": ["support"],
    "skills": ["linux"],
}


def test_a_ticket_can_be_claimed_and_its_state_says_why(desk: Desk, web: FlaskClient) -> None:
    for agent_id in ("cleo", "dana"):
        assert web.patch(f"/v1/agents/{agent_id}", json={"available": False}).status_code == 200
    desk.hear(created(1))
    waiting = web.get(f"/v1/assignments/{TICKET.id}").json
    assert waiting is not None
    assert (waiting["state"], waiting["why"]["rule"]) == ("waiting", "nobody_could")
    assert waiting["why"]["excluded"] == {"unavailable": ["cleo", "dana"]}
    claimed = web.post(f"/v1/assignments/{TICKET.id}/claim", headers={"X-On-Behalf-Of": "ben"})
    assert (claimed.status_code, claimed.json and claimed.json["agent_id"]) == (200, "ben")
    shown = web.get(f"/v1/assignments/{TICKET.id}").json
    assert shown is not None
    assert shown["why"]["actor"] == {"kind": "agent", "id": "ben", "name": "Ben Okafor"}
    assert web.get(f"/v1/decisions/{shown['decision_id']}").json == shown["why"]
    assert web.get("/v1/agents/ben").json["open"] == 1  # type: ignore[index]


def test_orders_by_a_key_alone_are_the_integrations(desk: Desk, web: FlaskClient) -> None:
    desk.hear(created(1))
    url = f"/v1/assignments/{TICKET.id}"
    assert web.post(f"{url}/transfer", json={"department_id": "support", "reason": "a bill"}).status_code == 200
    assert web.post(f"{url}/assign", json={"agent_id": "ben", "reason": "he knows"}).status_code == 200
    assert web.post(f"{url}/release", json={"reason": "he doesn't"}).status_code == 200
    assert {event.data.actor.kind for event in desk.log(TICKET.id)[1:]} == {"integration"}


def test_a_claim_without_an_agent_names_the_header(desk: Desk, web: FlaskClient) -> None:
    desk.hear(created(1))
    refused = web.post(f"/v1/assignments/{TICKET.id}/claim")
    assert refused.status_code == 422
    assert refused.json is not None
    assert refused.json["errors"][0]["field"] == "X-On-Behalf-Of"


def test_an_agent_comes_and_changes_and_each_change_is_announced(desk: Desk, web: FlaskClient) -> None:
    made = web.post("/v1/agents", json=FINN)
    assert made.status_code == 201
    assert web.patch("/v1/agents/finn", json={"capacity": 5}).json["version"] == 2  # type: ignore[index]
    assert web.patch("/v1/agents/finn", json={"capacity": 5}).json["version"] == 2  # type: ignore[index]
    assert [(e.sequence, e.data.capacity) for e in desk.log("finn")] == [(1, 20), (2, 5)]
    assert web.post("/v1/agents", json=FINN).status_code == 409
    assert web.post("/v1/agents", json={**FINN, "id": "finn2"}).status_code == 409  # his address
    assert web.post("/v1/agents", json={**FINN, "id": "no spaces"}).status_code == 422
    assert web.patch("/v1/agents/finn", json={"departments": ["kitchen"]}).status_code == 422
    assert web.patch("/v1/agents/finn", json={"capacity": "5"}).status_code == 422
    assert web.patch("/v1/agents/finn", json={"shoe_size": 43}).status_code == 422


def test_a_route_moves_its_topic_between_departments(desk: Desk, web: FlaskClient) -> None:
    moved = web.put("/v1/routes/hardware", json={"department_id": "support", "skills": ["linux"]})
    assert moved.json == {"topic": "hardware", "department_id": "support", "skills": ["linux"]}
    assert web.get("/v1/departments/support").json["topics"] == ["access", "billing", "general", "hardware"]  # type: ignore[index]
    assert web.get("/v1/departments/infrastructure").json["topics"] == ["monitoring", "network"]  # type: ignore[index]
    assert desk.log("support")[-1].data.topics == ("access", "billing", "general", "hardware")
    named = web.put("/v1/departments/kitchen", json={"name": "Kitchen", "manager_id": "ben"})
    assert (named.status_code, named.json and named.json["version"]) == (200, 1)


def test_a_key_is_shown_once_works_at_once_and_ends_when_revoked(desk: Desk, web: FlaskClient) -> None:
    made = web.post("/v1/api-keys", json={"name": "monitoring", "scopes": ["tickets"]})
    assert made.status_code == 201
    assert made.json is not None
    key = {"Authorization": f"Bearer {made.json['key']}"}
    assert web.get("/v1/agents", headers=key).status_code == 200
    assert web.post("/v1/agents", json=FINN, headers=key).status_code == 403
    assert web.get("/v1/api-keys", headers=key).status_code == 403
    listed = web.get("/v1/api-keys").json
    assert listed is not None
    assert "key" not in listed["api_keys"][1]
    assert web.delete(f"/v1/api-keys/{made.json['id']}").json["revoked_at"]  # type: ignore[index]
    assert [event.type for event in desk.log(made.json["id"])] == ["api_key.issued", "api_key.revoked"]
    desk.hear_itself()  # hearing of its own keys changes nothing
    row = desk.database.api_keys.find_one({"_id": made.json["id"]})
    assert row is not None
    assert row["revoked"] is True


def test_a_claim_at_the_moment_of_the_policys_own_choice_ends_in_one_assignment(desk: Desk, web: FlaskClient) -> None:
    for agent_id in ("cleo", "dana"):
        desk.order(partial(change_agent, agent_id, {"available": False}))
    tickets = [ticket(n) for n in range(1, 13)]
    desk.hear(*[created(1, each) for each in tickets])
    desk.order(partial(change_agent, "dana", {"available": True}))
    headers = {"X-On-Behalf-Of": "ben", "Authorization": web.environ_base["HTTP_AUTHORIZATION"]}
    verdicts: dict[str, int] = {}
    is_under_way = threading.Event()

    def claim_all() -> None:
        for each in reversed(tickets):
            answer = web.application.test_client().post(f"/v1/assignments/{each.id}/claim", headers=headers)
            verdicts[each.id] = answer.status_code
            is_under_way.set()

    claiming = threading.Thread(target=claim_all)
    claiming.start()
    assert is_under_way.wait(20)
    desk.sweep()
    claiming.join()
    for each in tickets:
        assigned = [event for event in desk.log(each.id) if event.type == "ticket.assigned"]
        assert [event.data.agent.id for event in assigned] == [desk.holder(each.id)]
        assert verdicts[each.id] == (200 if desk.holder(each.id) == "ben" else 409)
    assert desk.loads() == desk.counted()
    assert sum(desk.loads().values()) == 12
