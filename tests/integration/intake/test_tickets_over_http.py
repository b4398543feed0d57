from uuid import uuid4

import orjson
import pytest
from flask.testing import FlaskClient
from pymongo.database import Database

from shared.events.envelope import decode
from shared.store.documents import Document
from tests.integration.intake.doors import BEN, body, open_ticket
from tests.support.intake_desk import ASKED


def announced(database: Database[Document], ticket_id: str) -> list[str]:
    return [row["type"] for row in database["event_log"].find({"subject": ticket_id}).sort("sequence", 1)]


def test_a_ticket_comes_in_and_is_announced(client: FlaskClient, database: Database[Document]) -> None:
    ticket = open_ticket(client, impact="high", urgency="high", external_reference="form-1")
    assert ticket["status"] == "new"
    assert ticket["severity"] == "sev_a"
    assert ticket["priority"] == "emergency"
    assert ticket["requester"]["address"] == "ana@customer.example"
    assert int(ticket["number"]) >= 100001
    row = database["event_log"].find_one({"subject": ticket["id"]})
    assert row is not None
    event = decode(row["body"])
    assert (event.type, event.sequence, event.source) == ("ticket.created", 1, "intake")
    assert event.data.text == "It is dark since nine."
    assert event.data.severity_reason == "impact high × urgency high"


def test_the_topic_decides_where_nobody_says_impact_and_urgency(client: FlaskClient) -> None:
    ticket = open_ticket(client, topic="network")
    assert (ticket["impact"], ticket["urgency"], ticket["severity"]) == ("medium", "high", "sev_b")


def test_one_requester_per_address(client: FlaskClient, database: Database[Document]) -> None:
    first = open_ticket(client, requester={"address": "cleo@Customer.example", "name": "Cleo"})
    second = open_ticket(client, requester={"address": "CLEO@customer.example", "name": "C."})
    assert first["requester"]["id"] == second["requester"]["id"]
    assert second["requester"]["name"] == "Cleo"


def test_a_whole_life(client: FlaskClient, database: Database[Document]) -> None:
    ticket = open_ticket(client)
    at = f"/v1/tickets/{ticket['id']}"
    assert body(client.post(f"{at}/replies", json={"text": "Is it plugged in?"}, headers=BEN))["status"] == "open"
    assert client.post(f"{at}/notes", json={"text": "Third time this week"}, headers=BEN).status_code == 201
    assert body(client.post(f"{at}/hold", json={"reason": "waits for Ana"}, headers=BEN))["status"] == "on_hold"
    assert body(client.post(f"{at}/replies", json={"as": "requester", "text": "Yes"}))["status"] == "open"
    assert body(client.post(f"{at}/resolve", json={"resolution": "New cable"}, headers=BEN))["status"] == "resolved"
    assert body(client.post(f"{at}/reopen", json={"reason": "Dark again"}, headers=BEN))["status"] == "open"
    assert (
        body(client.post(f"{at}/triage", json={"reason": "All floors", "impact": "high"}, headers=BEN))["version"] == 9
    )
    assert client.post(f"{at}/resolve", json={"resolution": "New switch"}, headers=BEN).status_code == 200
    assert body(client.post(f"{at}/close", json={}, headers=BEN))["status"] == "closed"
    assert body(client.post(f"{at}/rating", json={"score": 5}))["rating"] == 5
    assert announced(database, ticket["id"]) == [
        "ticket.created",
        "ticket.agent_replied",
        "ticket.note_added",
        "ticket.put_on_hold",
        "ticket.requester_replied",
        "ticket.resumed",
        "ticket.resolved",
        "ticket.reopened",
        "ticket.triaged",
        "ticket.resolved",
        "ticket.closed",
        "ticket.rated",
    ]
    entries = body(client.get(f"{at}/entries"))["data"]
    assert [(e["kind"], e["author"]["name"]) for e in entries] == [
        ("description", "Ana"),
        ("agent_reply", "Ben"),
        ("note", "Ben"),
        ("requester_reply", "Ana"),
    ]


def test_a_reply_to_a_closed_ticket_opens_one_that_follows_it(client: FlaskClient) -> None:
    ticket = open_ticket(client)
    client.post(f"/v1/tickets/{ticket['id']}/close", json={"reason": "spam"}, headers=BEN)
    next_one = body(client.post(f"/v1/tickets/{ticket['id']}/replies", json={"as": "requester", "text": "Not spam!"}))
    assert next_one["follows"] == ticket["id"]
    assert (next_one["status"], next_one["subject"]) == ("new", "No network")
    assert next_one["number"] != ticket["number"]


def test_an_agents_action_needs_an_agent(client: FlaskClient) -> None:
    at = f"/v1/tickets/{open_ticket(client)['id']}"
    for headers in ({}, {"X-On-Behalf-Of": "nobody"}, {"X-On-Behalf-Of": "gus"}):
        response = client.post(f"{at}/replies", json={"text": "Hello"}, headers=headers)
        assert response.status_code == 422
        assert body(response)["errors"][0]["field"] == "X-On-Behalf-Of"


def test_a_refusal_is_a_named_problem_and_changes_nothing(client: FlaskClient) -> None:
    ticket = open_ticket(client)
    response = client.post(f"/v1/tickets/{ticket['id']}/resume", json={"reason": "go on"}, headers=BEN)
    assert (response.status_code, body(response)["title"]) == (409, "The ticket is not on hold")
    assert body(client.get(f"/v1/tickets/{ticket['id']}"))["version"] == 1


def test_an_old_version_is_refused(client: FlaskClient) -> None:
    ticket = open_ticket(client)
    at = f"/v1/tickets/{ticket['id']}"
    tag = client.get(at).headers["ETag"]
    assert client.patch(at, json={"tags": ["floor-2"]}, headers=BEN).status_code == 428
    assert client.patch(at, json={"tags": ["floor-2"]}, headers={**BEN, "If-Match": tag}).status_code == 200
    assert client.patch(at, json={"tags": ["floor-3"]}, headers={**BEN, "If-Match": tag}).status_code == 412
    assert body(client.get(at))["tags"] == ["floor-2"]


def test_the_same_idempotency_key_opens_one_ticket(client: FlaskClient) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    first = client.post("/v1/tickets", json=ASKED, headers=headers)
    again = client.post("/v1/tickets", json=ASKED, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert body(first)["id"] == body(again)["id"]


def test_an_external_reference_names_one_ticket(client: FlaskClient) -> None:
    open_ticket(client, external_reference="form-7")
    response = client.post("/v1/tickets", json={**ASKED, "external_reference": "form-7"})
    assert response.status_code == 409
    assert body(response)["errors"][0]["field"] == "external_reference"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", ""),
        ("subject", "two\nlines"),
        ("subject", "x" * 301),
        ("subject", 7),
        ("text", "nul \x00"),
        ("text", "x" * 100_001),
        ("topic", "astrology"),
        ("impact", "huge"),
        ("tags", ["x"] * 21),
        ("tags", ["x" * 51]),
        ("custom_fields", {"room": 204}),
        ("custom_fields", {"$where": "1"}),
        ("custom_fields", {f"f{n}": "x" for n in range(51)}),
        ("custom_fields", {f"f{n}": "x" * 1000 for n in range(17)}),
        ("requester.address", "nobody"),
        ("requester.address", "a" * 250 + "@b.example"),
        ("requester.address", "two words@b.example"),
        ("colour", "blue"),
    ],
)
def test_what_breaks_a_limit_is_refused_by_field(client: FlaskClient, field: str, value: object) -> None:
    asked = {**ASKED, "requester": {"address": value}} if field == "requester.address" else {**ASKED, field: value}
    response = client.post("/v1/tickets", json=asked)
    assert response.status_code == 422
    assert body(response)["errors"][0]["field"].startswith(field)


def test_half_a_character_is_no_json(client: FlaskClient) -> None:
    body = orjson.dumps(ASKED).replace(b"No network", b"\\ud800")
    assert client.post("/v1/tickets", data=body, content_type="application/json").status_code == 400


def test_the_largest_ticket_fits_into_its_event(client: FlaskClient) -> None:
    ticket = open_ticket(
        client,
        subject='"' * 300,
        text='\n"' * 49_000 + "x",
        tags=[f"{n:02}" + '"' * 48 for n in range(20)],
        custom_fields={f"f{n}": "€" * 300 for n in range(17)},
    )
    at = f"/v1/tickets/{ticket['id']}"
    assert client.post(f"{at}/resolve", json={"resolution": "€" * 4000}, headers=BEN).status_code == 200


@pytest.mark.parametrize("ticket_id", ["1", "100001", "..", str(uuid4())])
def test_an_unknown_ticket_is_not_found(client: FlaskClient, ticket_id: str) -> None:
    assert client.get(f"/v1/tickets/{ticket_id}").status_code == 404
    assert client.post(f"/v1/tickets/{ticket_id}/hold", json={"reason": "x"}).status_code == 404


def test_topics_are_listed_put_and_changed(client: FlaskClient) -> None:
    parking = {"name": "Parking", "impact": "low", "urgency": "low"}
    put = client.put("/v1/topics/parking", json=parking)
    assert body(put) == {"id": "parking", **parking, "version": 1}
    names = {topic["id"] for topic in body(client.get("/v1/topics"))["data"]}
    assert {"general", "access", "billing", "network", "hardware", "monitoring", "parking"} <= names
    busier = {**parking, "urgency": "high"}
    assert client.put("/v1/topics/parking", json=busier).status_code == 428
    assert client.put("/v1/topics/parking", json=busier, headers={"If-Match": '"7"'}).status_code == 412
    changed = client.put("/v1/topics/parking", json=busier, headers={"If-Match": put.headers["ETag"]})
    assert body(changed) == {"id": "parking", **busier, "version": 2}
    assert client.put("/v1/topics/Park ing", json=parking).status_code == 404


def test_a_changed_requester_is_announced_and_counts_at_the_next_triage(
    client: FlaskClient, database: Database[Document]
) -> None:
    ticket = open_ticket(client, requester={"address": "vera@customer.example", "name": "Vera"})
    requester_id = ticket["requester"]["id"]
    at, better = f"/v1/requesters/{requester_id}", {"vip": True, "organisation": "Customer Ltd"}
    assert client.patch(at, json=better).status_code == 428
    changed = client.patch(at, json=better, headers={"If-Match": client.get(at).headers["ETag"]})
    assert client.patch(at, json={"name": "V."}, headers={"If-Match": '"0"'}).status_code == 412
    assert (body(changed)["vip"], body(changed)["organisation"]) == (True, "Customer Ltd")
    assert announced(database, requester_id) == ["requester.changed"]
    triaged = client.post(f"/v1/tickets/{ticket['id']}/triage", json={"reason": "VIP", "topic": "access"}, headers=BEN)
    assert body(triaged)["severity"] == "sev_a"
    assert body(triaged)["severity_reason"] == "impact medium × urgency high, raised one step: VIP requester"


def test_a_key_that_was_used_for_another_request_is_named_with_the_remedy(client: FlaskClient) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    assert client.post("/v1/tickets", json=ASKED, headers=key).status_code == 201
    refused = client.post("/v1/tickets", json={**ASKED, "subject": "Another"}, headers=key)
    assert (refused.status_code, body(refused)["errors"]) == (
        422,
        [
            {
                "field": "Idempotency-Key",
                "rule": "was used for another request",
                "remedy": "Send a new key with a new request, or the same request with this key.",
            }
        ],
    )
