"""A requester comes in by a mailed link and looks after his own tickets."""

from datetime import timedelta

import pytest

from shared.events.envelope import decode
from shared.moments import utc_now
from tests.support.access import key_with
from tests.support.intake_desk import ASKED, Desk, agent, answered, holder_of_a_link_to, requester_of


def events_to(desk: Desk, address: str) -> list[bytes]:
    found = desk.database["event_log"].find({"type": "requester.access_requested"})
    return [row["body"] for row in found if f'"address":"{address}"'.encode() in row["body"]]


def test_a_known_address_is_sent_a_link_and_not_again_within_ten_minutes(desk: Desk) -> None:
    desk.open_ticket(requester={"address": "lena@customer.example", "name": "Lena"})
    for address in ("lena@customer.example", "LENA@customer.example"):
        asked = desk.app.test_client().post("/v1/access", json={"address": address})
        assert asked.status_code == 202
    [body] = events_to(desk, "lena@customer.example")
    event = decode(body)
    assert event.data.requester.name == "Lena"
    assert event.data.expires_at - event.time == timedelta(hours=1)
    earlier = {"$set": {"expires_at": utc_now() - timedelta(seconds=1)}}
    desk.database["access_requests"].update_one({"_id": "lena@customer.example"}, earlier)
    desk.app.test_client().post("/v1/access", json={"address": "lena@customer.example"})
    assert len(events_to(desk, "lena@customer.example")) == 2


def test_asking_for_access_leaves_the_requesters_version_alone(desk: Desk) -> None:
    ticket = desk.open_ticket(requester={"address": "vito@customer.example"})
    at = f"/v1/requesters/{ticket['requester']['id']}"
    tag = desk.client.get(at).headers["ETag"]
    desk.app.test_client().post("/v1/access", json={"address": "vito@customer.example"})
    assert desk.client.get(at).headers["ETag"] == tag


def test_a_link_is_worth_a_token_for_all_of_the_requesters_tickets(desk: Desk) -> None:
    who = {"requester": {"address": "rosa@customer.example", "name": "Rosa"}}
    first, second = desk.open_ticket(**who), desk.open_ticket(**who)
    desk.open_ticket()
    requester = first["requester"]["id"]
    came_in = desk.app.test_client().get(f"/v1/access/{desk.link('requester', requester, requester)}")
    assert came_in.status_code == 200
    assert came_in.headers["Referrer-Policy"] == "no-referrer"
    assert came_in.headers["Cache-Control"] == "no-store"
    entrance = answered(came_in)
    assert entrance["requester"] == {"id": requester, "address": "rosa@customer.example", "name": "Rosa"}
    assert entrance["ticket_id"] is None
    rosa = {"Authorization": f"Bearer {entrance['token']}"}
    listed = answered(desk.app.test_client().get("/v1/tickets", headers=rosa))["data"]
    assert [row["id"] for row in listed] == [second["id"], first["id"]]


def test_a_tickets_link_is_worth_a_token_for_that_ticket_alone(desk: Desk) -> None:
    who = {"requester": {"address": "rolf@customer.example"}}
    one, other = desk.open_ticket(**who), desk.open_ticket(**who)
    link = desk.link("ticket", one["id"], one["requester"]["id"])
    entrance = answered(desk.app.test_client().get(f"/v1/access/{link}"))
    assert entrance["ticket_id"] == one["id"]
    rolf = {"Authorization": f"Bearer {entrance['token']}"}
    assert desk.client.get(f"/v1/tickets/{one['id']}", headers=rolf).status_code == 200
    assert desk.client.get(f"/v1/tickets/{other['id']}", headers=rolf).status_code == 404
    assert desk.client.post("/v1/tickets", json=ASKED, headers=rolf).status_code == 403


def test_a_requester_looks_after_his_ticket(desk: Desk) -> None:
    ticket = desk.open_ticket()
    ana, at = requester_of(ticket), f"/v1/tickets/{ticket['id']}"
    replied = desk.client.post(f"{at}/replies", json={"text": "It is still dark."}, headers=ana)
    assert replied.status_code == 201
    assert desk.client.post(f"{at}/resolve", json={"resolution": "New lamp"}, headers=agent("ben")).status_code == 200
    assert answered(desk.client.post(f"{at}/reopen", json={"reason": "Dark again"}, headers=ana))["status"] == "open"
    desk.client.post(f"{at}/resolve", json={"resolution": "New wire"}, headers=agent("ben"))
    rated = desk.client.post(f"{at}/rating", json={"score": 4}, headers=ana)
    assert answered(rated) == {
        "id": ticket["id"],
        "number": ticket["number"],
        "subject": "No network",
        "status": "resolved",
        "topic": "network",
        "created_at": ticket["created_at"],
        "follows": None,
        "resolution": "New wire",
        "rating": 4,
        "version": 6,
    }
    assert rated.headers["ETag"] == '"6"'
    thread = answered(desk.client.get(f"{at}/entries", headers=ana))["data"]
    assert [(e["kind"], e["author"], e["text"]) for e in thread] == [
        ("description", "Ana", "It is dark since nine."),
        ("requester_reply", "Ana", "It is still dark."),
    ]


def test_a_requester_opens_a_ticket_of_his_own(desk: Desk) -> None:
    ana = requester_of(desk.open_ticket())
    described = {"subject": "A question", "text": "Where is the key?", "topic": "general", "language": "de"}
    opened = desk.client.post("/v1/tickets", json=described, headers=ana)
    assert opened.status_code == 201, opened.text
    document = desk.database["tickets"].find_one({"_id": answered(opened)["id"]}) or {}
    assert document["requester"]["address"] == "ana@customer.example"
    own = {**described, "requester": {"address": "ANA@customer.example"}}
    assert desk.client.post("/v1/tickets", json=own, headers=ana).status_code == 201


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("requester.address", "eve@elsewhere.example"),
        ("impact", "high"),
        ("urgency", "high"),
        ("tags", ["vip"]),
        ("external_reference", "mine-1"),
        ("priority", "emergency"),
    ],
)
def test_what_a_requester_does_not_choose_is_refused_by_name(desk: Desk, field: str, value: object) -> None:
    ana = requester_of(desk.open_ticket())
    described = {"subject": "A question", "text": "Where is the key?"}
    chosen = {"requester": {"address": value}} if field == "requester.address" else {field: value}
    refused = desk.client.post("/v1/tickets", json={**described, **chosen}, headers=ana)
    assert (refused.status_code, answered(refused)["errors"][0]["field"]) == (422, field)


def test_a_ticket_of_nobody_is_refused_by_name(desk: Desk) -> None:
    refused = desk.client.post("/v1/tickets", json={"subject": "A question", "text": "Where is the key?"})
    assert (refused.status_code, answered(refused)["errors"][0]["field"]) == (422, "requester")


def test_who_replies_is_who_is_signed_in(desk: Desk) -> None:
    ticket = desk.open_ticket()
    at = f"/v1/tickets/{ticket['id']}/replies"
    for headers, other in ((agent("ben"), "requester"), (requester_of(ticket), "agent")):
        refused = desk.client.post(at, json={"text": "Hello", "as": other}, headers=headers)
        assert (refused.status_code, answered(refused)["errors"][0]["field"]) == (422, "as")


def test_who_may_open_but_not_see_tickets_is_answered_what_the_requester_would_be(desk: Desk) -> None:
    desk.open_ticket(requester={"address": "known@customer.example", "name": "Her Name"})
    form = key_with(desk.database, "tickets:create")
    asked = {**ASKED, "requester": {"address": "known@customer.example"}}
    opened = desk.client.post("/v1/tickets", json=asked, headers=form)
    assert opened.status_code == 201
    assert "Her Name" not in opened.text
    assert desk.client.get(f"/v1/tickets/{answered(opened)['id']}", headers=form).status_code == 403


def test_an_agent_finds_a_ticket_by_its_number(desk: Desk) -> None:
    ticket = desk.open_ticket()
    found = answered(desk.client.get(f"/v1/tickets?number={ticket['number']}"))["data"]
    assert [row["id"] for row in found] == [ticket["id"]]
    assert answered(desk.client.get("/v1/tickets?number=999999999"))["data"] == []


@pytest.mark.parametrize("by", ["requester", "one-ticket link", "agent"])
def test_links_to_a_ticket_are_taken_back(desk: Desk, by: str) -> None:
    ticket = desk.open_ticket()
    who = {"requester": requester_of(ticket), "one-ticket link": holder_of_a_link_to(ticket), "agent": agent("ben")}
    link = desk.link("ticket", ticket["id"], ticket["requester"]["id"])
    assert desk.client.get(f"/v1/access/{link}").status_code == 200
    taken = desk.client.post(f"/v1/tickets/{ticket['id']}/links/revocation", headers=who[by])
    assert taken.status_code == 200
    assert desk.client.get(f"/v1/access/{link}").status_code == 404
    later = desk.link("ticket", ticket["id"], ticket["requester"]["id"], issued_at=utc_now() + timedelta(seconds=2))
    assert desk.client.get(f"/v1/access/{later}").status_code == 200


def test_all_links_of_a_requester_are_taken_back(desk: Desk) -> None:
    ticket = desk.open_ticket(requester={"address": "left@customer.example"})
    requester = ticket["requester"]["id"]
    links = [desk.link("ticket", ticket["id"], requester), desk.link("requester", requester, requester)]
    assert [desk.client.get(f"/v1/access/{link}").status_code for link in links] == [200, 200]
    taken = desk.client.post(f"/v1/requesters/{requester}/links/revocation")
    assert answered(taken)["links_valid_from"] is not None
    assert [desk.client.get(f"/v1/access/{link}").status_code for link in links] == [404, 404]
