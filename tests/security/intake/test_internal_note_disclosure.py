"""What is written for ourselves reaches no requester, by no door, and a note's text leaves no intake at all."""

import re
from typing import Any
from uuid import uuid4

from services.intake.number_blocks import NumberBlocks
from services.intake.submissions.reader import reader
from shared.store.unit_of_work import UnitOfWork
from tests.integration.intake.doors import delivery, submission
from tests.support.intake_desk import ASKED, Desk, agent, answered, holder_of_a_link_to, requester_of

CANARY = "CANARY-4f1c"
REASON = "REASON-9a2e"
READ = [
    "{}",
    "{}/entries",
    "{}/entries?limit=1",
    "{}/entries?limit=2",
    "{}/timeline",
    "/v1/tickets",
    "/v1/topics",
    "/v1/requesters",
    "/v1/attachments/0195b3c0-0000-7000-8000-0000000ca4a7",
]


def marked_ticket(desk: Desk) -> dict[str, Any]:
    """Everything that an agent can write and that is not for the requester bears a mark."""
    ticket = desk.open_ticket(external_reference=f"{REASON}-reference {uuid4()}")
    at, ben = f"/v1/tickets/{ticket['id']}", agent("ben")
    desk.route(ticket, "support", "sue")
    for name, body in {
        "notes": {"text": f"{CANARY} he calls every week"},
        "triage": {"reason": f"{REASON} he shouts", "impact": "high"},
        "hold": {"reason": f"{REASON} let him wait"},
        "resume": {"reason": f"{REASON} enough"},
    }.items():
        assert desk.client.post(f"{at}/{name}", json=body, headers=ben).status_code < 300
    marks = {"tags": [f"{REASON}-tag"], "custom_fields": {"mood": f"{REASON} bad"}}
    assert desk.client.patch(at, json=marks, headers={**ben, "If-Match": "*"}).status_code == 200
    assert desk.client.post(f"{at}/resolve", json={"resolution": "New lamp"}, headers=ben).status_code == 200
    file = {"id": "0195b3c0-0000-7000-8000-0000000ca4a7", "name": f"{CANARY}.txt", "content_type": "text/plain"}
    note = {"ticket_id": ticket["id"], "kind": "note"}
    kept = {**file, "size": 1, "sha256": ""}
    desk.database["entries"].update_one(note, {"$set": {"attachments": [kept]}})
    return ticket


def test_no_mark_is_in_anything_that_a_requester_reads_or_gets_for_what_he_does(desk: Desk) -> None:
    ticket = marked_ticket(desk)
    at = f"/v1/tickets/{ticket['id']}"
    link = desk.link("ticket", ticket["id"], ticket["requester"]["id"])
    shown = [desk.client.get(f"/v1/access/{link}").text]
    for ana in (requester_of(ticket), holder_of_a_link_to(ticket)):
        shown += [desk.client.get(path.format(at), headers=ana).text for path in READ]
        for name, body in {
            "replies": {"text": "Thank you"},
            "reopen": {"reason": "Dark again"},
            "rating": {"score": 5},
            "notes": {"text": "Let me see"},
            "links/revocation": {},
        }.items():
            shown.append(desk.client.post(f"{at}/{name}", json=body, headers=ana).text)
    assert not [text for text in shown if CANARY in text or REASON in text]
    assert "New lamp" in "".join(shown)


def test_the_marks_are_there_for_who_works_on_the_ticket(desk: Desk) -> None:
    at = f"/v1/tickets/{marked_ticket(desk)['id']}"
    read = "".join(desk.client.get(at + place, headers=agent("sue")).text for place in ("", "/entries", "/timeline"))
    assert CANARY in read
    assert len(set(re.findall(rf"{REASON}[- ]\w+", read))) == 6


def test_a_note_is_in_no_event_on_the_bus(desk: Desk) -> None:
    ticket = marked_ticket(desk)
    bodies = [row["body"] for row in desk.database["event_log"].find()]
    assert any(ticket["id"].encode() in body for body in bodies)
    assert not [body for body in bodies if CANARY.encode() in body]


def test_no_mark_is_in_the_answer_to_a_submission(desk: Desk) -> None:
    read = reader(NumberBlocks(desk.database).take, {})
    named = {"external_reference": "alert-canary"}
    units = UnitOfWork(desk.database, "intake")
    units.run([read(delivery(submission("ticket.submit", "canary.example", {**ASKED, **named})))])
    ticket = desk.database["tickets"].find_one({"external_key": "canary.example alert-canary"}) or {}
    note = {"text": f"{CANARY} again"}
    assert desk.client.post(f"/v1/tickets/{ticket['_id']}/notes", json=note, headers=agent("ben")).status_code == 201
    for kind, data in (("ticket.reply", {"text": "Still dark"}), ("ticket.resolve", {"resolution": "Light"})):
        units.run([read(delivery(submission(kind, "canary.example", {**named, **data}), "reply.canary"))])
    answers = list(desk.database["event_log"].find({"reply_to": "reply.canary"}))
    assert [row["type"] for row in answers] == ["submission.accepted", "submission.accepted"]
    assert not [row for row in answers if CANARY.encode() in row["body"]]


def test_no_filter_tells_a_requester_what_he_may_not_read(desk: Desk) -> None:
    ticket = marked_ticket(desk)
    for name, value in {
        "assignee": "sue",
        "department": "support",
        "severity": "sev_a",
        "priority": "high",
        "overdue": "true",
        "number": ticket["number"],
        "requester": "ana@customer.example",
    }.items():
        refused = desk.client.get("/v1/tickets", query_string={name: value}, headers=requester_of(ticket))
        assert (refused.status_code, answered(refused)["errors"][0]["field"]) == (422, name)
