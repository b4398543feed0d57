"""Who may see a ticket may not therefore do everything with it; nor may a key what is out of its scopes."""

import pytest

from tests.support.access import key_with, seat_agent
from tests.support.intake_desk import ASKED, TICKET_ACTIONS, Desk, agent, answered, requester_of


@pytest.mark.parametrize("name", ["notes", "hold", "resume", "triage", "resolve", "close"])
def test_a_requester_does_no_agents_work(desk: Desk, name: str) -> None:
    ticket = desk.open_ticket()
    at = f"/v1/tickets/{ticket['id']}"
    refused = desk.client.post(f"{at}/{name}", json=TICKET_ACTIONS[name], headers=requester_of(ticket))
    assert refused.status_code == 403
    assert desk.announced(ticket["id"]) == ["ticket.created"]


@pytest.mark.parametrize("path", ["/v1/tickets/{}/timeline", "/v1/requesters", "/v1/requesters/{}"])
def test_a_requester_reads_nothing_of_the_desk(desk: Desk, path: str) -> None:
    ticket = desk.open_ticket()
    assert desk.client.get(path.format(ticket["id"]), headers=requester_of(ticket)).status_code == 403


@pytest.mark.parametrize("name", TICKET_ACTIONS)
def test_who_may_only_view_does_nothing(desk: Desk, name: str) -> None:
    seat_agent(desk.database, "vera", {"support": "view_only"})
    ticket = desk.open_ticket()
    desk.route(ticket, "support")
    at = f"/v1/tickets/{ticket['id']}"
    assert desk.client.get(at, headers=agent("vera")).status_code == 200
    assert desk.client.post(f"{at}/{name}", json=TICKET_ACTIONS[name], headers=agent("vera")).status_code == 403


def test_what_an_agent_may_in_one_department_he_may_not_in_another(desk: Desk) -> None:
    seat_agent(desk.database, "vic", {"support": "expanded", "networks": "view_only"})
    ticket = desk.open_ticket()
    desk.route(ticket, "networks")
    at = f"/v1/tickets/{ticket['id']}"
    assert desk.client.get(at, headers=agent("vic")).status_code == 200
    assert desk.client.post(f"{at}/hold", json={"reason": "Hello"}, headers=agent("vic")).status_code == 403


@pytest.mark.parametrize(
    ("scope", "may"),
    [
        ("tickets:create", {"POST /v1/tickets", "GET /v1/topics"}),
        ("tickets:read", {"GET /v1/tickets", "GET /v1/topics"}),
        ("tickets", {"POST /v1/tickets", "GET /v1/tickets", "GET /v1/topics", "GET /v1/requesters"}),
        ("mail", {"POST /v1/mail"}),
        ("no such scope", set()),
    ],
)
def test_a_key_opens_what_its_scopes_name(desk: Desk, scope: str, may: set[str]) -> None:
    key = key_with(desk.database, scope)
    topic = {"name": "Parking", "impact": "low", "urgency": "low"}
    mail = {"data": b"Subject: x\r\n\r\nx", "content_type": "message/rfc822"}
    answers = {
        "POST /v1/tickets": desk.client.post("/v1/tickets", json=ASKED, headers=key),
        "GET /v1/tickets": desk.client.get("/v1/tickets", headers=key),
        "GET /v1/topics": desk.client.get("/v1/topics", headers=key),
        "PUT /v1/topics/parking": desk.client.put("/v1/topics/parking", json=topic, headers=key),
        "GET /v1/requesters": desk.client.get("/v1/requesters", headers=key),
        "POST /v1/mail": desk.client.post("/v1/mail", headers=key, **mail),
    }
    assert {name for name, response in answers.items() if response.status_code < 300} == may
    assert {response.status_code for name, response in answers.items() if name not in may} <= {403}


def test_a_key_that_acts_for_an_agent_may_no_more_than_both(desk: Desk) -> None:
    ticket = desk.open_ticket()
    desk.route(ticket, "support")
    reader = {**key_with(desk.database, "tickets:read"), "X-On-Behalf-Of": "ben"}
    at = f"/v1/tickets/{ticket['id']}"
    assert desk.client.get(at, headers=reader).status_code == 200
    assert desk.client.post(f"{at}/notes", json={"text": "Hello"}, headers=reader).status_code == 403
    for_nick = {**key_with(desk.database, "tickets"), "X-On-Behalf-Of": "nick"}
    assert desk.client.get(at, headers=for_nick).status_code == 404


def test_nobody_acts_for_another_by_a_token(desk: Desk) -> None:
    ticket = desk.open_ticket()
    as_ben = {**agent("sue"), "X-On-Behalf-Of": "ben"}
    refused = desk.client.get(f"/v1/tickets/{ticket['id']}", headers=as_ben)
    assert (refused.status_code, answered(refused)["errors"][0]["field"]) == (422, "X-On-Behalf-Of")
