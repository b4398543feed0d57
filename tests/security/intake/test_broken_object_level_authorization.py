"""Whoever asks for another's ticket, by whatever name, is answered as if there were none."""

import pytest

from tests.support.access import Headers
from tests.support.intake_desk import TICKET_ACTIONS, Desk, agent, answered, holder_of_a_link_to, requester_of
from tests.support.mails import multipart

STRANGERS = ["another requester", "a link to another ticket", "an agent of another department", "a former agent"]


def stranger(kind: str, desk: Desk) -> Headers:
    other = desk.open_ticket(requester={"address": "eve@elsewhere.example"})
    match kind:
        case "another requester":
            return requester_of(other)
        case "a link to another ticket":
            return holder_of_a_link_to(other)
        case "an agent of another department":
            return agent("nick")
    return agent("gus")


@pytest.mark.parametrize("kind", STRANGERS)
def test_another_ones_ticket_is_not_there(desk: Desk, kind: str) -> None:
    ticket = desk.open_ticket()
    desk.route(ticket, "support", "sue")
    headers, at = stranger(kind, desk), f"/v1/tickets/{ticket['id']}"
    read = [desk.client.get(at + place, headers=headers) for place in ("", "/entries")]
    done = [desk.client.post(f"{at}/{name}", json=body, headers=headers) for name, body in TICKET_ACTIONS.items()]
    done.append(desk.client.patch(at, json={"tags": []}, headers={**headers, "If-Match": "*"}))
    assert {response.status_code for response in read} == {401 if kind == "a former agent" else 404}
    assert {response.status_code for response in done} <= {401, 403, 404}  # 403: he may do so with no ticket at all
    assert "No network" not in "".join(response.text for response in read + done)
    document = desk.database["tickets"].find_one({"_id": ticket["id"]}) or {}
    assert (document["version"], "links_valid_from" in document) == (1, False)


def test_a_refusal_does_not_tell_another_ones_ticket_from_one_that_never_was(desk: Desk) -> None:
    ticket, eve = desk.open_ticket(), stranger("another requester", desk)
    for place in ("", "/entries", "/replies", "/rating"):
        other, none = f"/v1/tickets/{ticket['id']}", "/v1/tickets/0195b3c0-0000-7000-8000-00000000dead"
        body = TICKET_ACTIONS.get(place.strip("/"))
        ask = desk.client.get if body is None else desk.client.post
        there, nowhere = ask(other + place, json=body, headers=eve), ask(none + place, json=body, headers=eve)
        assert (there.status_code, there.data) == (nowhere.status_code, nowhere.data)
        assert there.status_code == 404


def test_a_list_has_what_may_be_seen_and_nothing_else(desk: Desk) -> None:
    who = {"requester": {"address": "listed@customer.example"}}
    names = ["routed to support", "routed to networks", "held by sue in networks", "not routed"]
    by_name = {name: desk.open_ticket(**who, subject=name) for name in names}
    desk.route(by_name["routed to support"], "support")
    desk.route(by_name["routed to networks"], "networks", "nick")
    desk.route(by_name["held by sue in networks"], "networks", "sue")
    opened_by_sue = {**who, "subject": "opened by sue", "text": "By telephone."}
    assert desk.client.post("/v1/tickets", json=opened_by_sue, headers=agent("sue")).status_code == 201

    def seen(headers: Headers, query: str = "") -> list[str]:
        listed = desk.client.get(f"/v1/tickets?limit=100{query}", headers=headers)
        return sorted(row["subject"] for row in answered(listed)["data"] if row["subject"] in [*names, "opened by sue"])

    assert seen(agent("sue")) == ["held by sue in networks", "opened by sue", "routed to support"]
    assert seen(agent("nick")) == ["held by sue in networks", "routed to networks"]
    assert seen(agent("nick"), "&department=support") == []
    assert seen(agent("nick"), "&requester=listed@customer.example&sort=oldest") == seen(agent("nick"))
    assert seen(agent("ben")) == sorted([*names, "opened by sue"])
    assert seen(requester_of(by_name["not routed"])) == sorted([*names, "opened by sue"])
    assert seen(holder_of_a_link_to(by_name["not routed"])) == ["not routed"]
    assert seen(stranger("another requester", desk)) == []


def test_no_cursor_leads_out_of_what_a_link_opens(desk: Desk) -> None:
    who = {"requester": {"address": "cursor@customer.example"}}
    tickets = [desk.open_ticket(**who) for _ in range(3)]
    page = answered(desk.client.get("/v1/tickets?limit=1", headers=requester_of(tickets[0])))
    by_link = holder_of_a_link_to(tickets[2])
    followed = desk.client.get(f"/v1/tickets?cursor={page['next']}", headers=by_link)
    assert answered(followed)["data"] == []


def test_what_nobody_has_routed_is_not_yet_any_departments(desk: Desk) -> None:
    ticket = desk.open_ticket()
    at = f"/v1/tickets/{ticket['id']}"
    assert desk.client.get(at, headers=agent("sue")).status_code == 404
    assert desk.client.get(at, headers=agent("ben")).status_code == 200
    desk.route(ticket, "support")
    assert desk.client.get(at, headers=agent("sue")).status_code == 200


def test_a_file_is_reached_by_its_ticket_alone(desk: Desk) -> None:
    file = 'Content-Type: application/pdf; name="x"\r\nContent-Disposition: attachment; filename="plan.pdf"\r\n\r\n%PDF'
    taken = desk.take_mail(multipart("Content-Type: text/plain\r\n\r\nSee the plan", file))
    ticket = answered(desk.client.get(f"/v1/tickets/{taken['ticket_id']}"))
    desk.route(ticket, "support")
    [description] = answered(desk.client.get(f"/v1/tickets/{ticket['id']}/entries"))["data"]
    plan, raw = description["attachments"][0]["id"], description["raw_mail_id"]
    statuses = {
        name: [desk.client.get(f"/v1/attachments/{file}", headers=headers).status_code for file in (plan, raw)]
        for name, headers in {
            "its agent": agent("sue"),
            "its requester": requester_of(ticket),
            "by a link to it": holder_of_a_link_to(ticket),
            **{kind: stranger(kind, desk) for kind in STRANGERS},
        }.items()
    }
    assert statuses == {
        "its agent": [200, 200],
        "its requester": [200, 404],
        "by a link to it": [200, 404],
        "another requester": [404, 404],
        "a link to another ticket": [404, 404],
        "an agent of another department": [404, 404],
        "a former agent": [401, 401],
    }
