"""The HTTP door: who has a ticket and why, and orders on it."""

import threading
from functools import partial

import pytest
from flask.testing import FlaskClient

from services.assignment.handlers.change_agent import change_agent, change_availability
from services.assignment.seed import SETUP
from tests.integration.assignment.desk import Desk
from tests.unit.assignment.cast import TICKET, created, ticket


def helps_everywhere(desk: Desk, agent_id: str) -> None:
    desk.order(partial(change_agent, agent_id, {"roles": {"*": "expanded"}}, SETUP))


def test_a_ticket_can_be_claimed_and_its_state_says_why(desk: Desk, web: FlaskClient) -> None:
    for agent_id in ("cleo", "dana"):
        desk.order(partial(change_availability, agent_id, False))
    helps_everywhere(desk, "ben")
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


def test_a_transfers_record_names_the_department_that_was_chosen(desk: Desk, web: FlaskClient) -> None:
    desk.hear(created(1), created(1, ticket(2)))
    kept, left = (f"/v1/assignments/{ticket(n).id}" for n in (1, 2))
    for url in (kept, left):
        assert web.post(f"{url}/transfer", json={"department_id": "support", "reason": "a bill"}).status_code == 200
    why = web.get(kept).json["why"]  # type: ignore[index]
    assert (why["rule"], why["department_id"], why["agent_id"]) == ("transferred", "support", "cleo")
    why = web.get(left).json["why"]  # type: ignore[index]
    assert (why["rule"], why["department_id"], why["agent_id"]) == ("transferred", "support", None)


def test_a_claim_without_an_agent_names_the_header(desk: Desk, web: FlaskClient) -> None:
    desk.hear(created(1))
    refused = web.post(f"/v1/assignments/{TICKET.id}/claim")
    assert refused.status_code == 422
    assert refused.json is not None
    assert refused.json["errors"][0]["field"] == "X-On-Behalf-Of"


@pytest.mark.parametrize(
    ("order", "field", "remedy"),
    [("assign", "agent_id", "See GET /v1/agents."), ("transfer", "department_id", "See GET /v1/departments.")],
)
def test_an_order_that_names_nobody_is_told_which_field(
    desk: Desk, web: FlaskClient, order: str, field: str, remedy: str
) -> None:
    desk.hear(created(1))
    refused = web.post(f"/v1/assignments/{TICKET.id}/{order}", json={field: "nobody", "reason": "a try"})
    assert refused.status_code == 422
    [error] = refused.json["errors"]  # type: ignore[index]
    assert (error["field"], error["remedy"]) == (field, remedy)


def test_an_absent_agent_who_claims_is_told_to_say_that_he_is_there(desk: Desk, web: FlaskClient) -> None:
    for agent_id in ("cleo", "dana"):
        desk.order(partial(change_availability, agent_id, False))
    desk.hear(created(1))
    refused = web.post(f"/v1/assignments/{TICKET.id}/claim", headers={"X-On-Behalf-Of": "cleo"})
    assert (refused.status_code, refused.json and refused.json["detail"]) == (
        409,
        "Cleo Marin is not available: say that you are there (PATCH /v1/me), and claim it then.",
    )


def test_an_order_on_another_version_than_one_looked_at_is_refused(desk: Desk, web: FlaskClient) -> None:
    desk.hear(created(1))
    url = f"/v1/assignments/{TICKET.id}"
    assert web.get(url).headers["ETag"] == '"1"'
    released = web.post(f"{url}/release", json={"reason": "my mistake"}, headers={"If-Match": '"1"'})
    assert (released.status_code, released.headers["ETag"]) == (200, '"2"')
    late = web.post(
        f"{url}/transfer", json={"department_id": "support", "reason": "a bill"}, headers={"If-Match": '"1"'}
    )
    assert late.status_code == 412
    assert "version 2" in late.json["detail"]  # type: ignore[index]


def test_a_claim_at_the_moment_of_the_policys_own_choice_ends_in_one_assignment(desk: Desk, web: FlaskClient) -> None:
    for agent_id in ("cleo", "dana"):
        desk.order(partial(change_availability, agent_id, False))
    helps_everywhere(desk, "ben")
    tickets = [ticket(n) for n in range(1, 13)]
    desk.hear(*[created(1, each) for each in tickets])
    desk.order(partial(change_availability, "dana", True))
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
