"""The main road: in by one door, assigned, promised, answered, resolved, rated; and everybody hears of it once."""

from email.message import EmailMessage

from cli.submitter import Submitter
from tests.e2e.desk import look, mails_of_kind, open_ticket, post, seen, states, timeline
from tests.support.eventually import eventually
from tests.support.stack import Helpdesk


def test_a_ticket_is_assigned_promised_answered_resolved_and_rated(helpdesk: Helpdesk) -> None:
    address = "ana@story-one.example"
    ticket = open_ticket(helpdesk, address, impact="high", urgency="medium")
    assert (ticket["status"], ticket["severity"], ticket["priority"]) == ("open", "sev_b", "high")
    assert ticket["assignee"]["id"] in ("cleo", "dana")
    agent = helpdesk.client("intake", ticket["assignee"]["id"])
    agent.post(f"/v1/tickets/{ticket['id']}/replies", text="Please try the new profile.")
    agent.post(f"/v1/tickets/{ticket['id']}/notes", text="CANARY-NOTE: her laptop is older than she says")
    agent.post(f"/v1/tickets/{ticket['id']}/resolve", resolution="The lease time was one hour; it is a day now.")
    helpdesk.client("intake").post(f"/v1/tickets/{ticket['id']}/rating", score=5, comment="Quick and kind.")
    ended = seen(helpdesk, ticket, lambda t: states(t) == {"first_response": "met", "resolution": "met"})
    assert (ended["status"], ended["rating"]) == ("resolved", 5)
    for words in ("We have your request", "Please try the new profile.", "it is a day now"):
        assert len(eventually(lambda words=words: mails_of_kind(helpdesk, address, words), bool)) == 1  # type: ignore[misc]
    assert mails_of_kind(helpdesk, address, "CANARY-NOTE") == []
    assert not any(b"CANARY-NOTE" in path.read_bytes() for path in helpdesk.mails.glob("*.eml"))
    what = [hop["type"] for hop in timeline(helpdesk, ticket)]
    assert [w for w in what if w.startswith("ticket.")] == [
        "ticket.created", "ticket.assigned", "ticket.agent_replied", "ticket.note_added", "ticket.resolved",
        "ticket.rated",
    ]  # fmt: skip


def test_every_hop_says_who_why_and_how_long_it_took(helpdesk: Helpdesk) -> None:
    ticket = open_ticket(helpdesk, "ana@story-hops.example", impact="medium", urgency="high")
    hops = {hop["type"]: hop for hop in timeline(helpdesk, ticket)}
    assert hops["ticket.created"]["why"] == "impact medium × urgency high"
    assert "allocated" in hops["ticket.assigned"]["why"]
    assert 0 <= hops["ticket.assigned"]["delay_ms"] < 10_000
    assert hops["sla.targets_set"]["causation_id"] == hops["ticket.created"]["id"]


def test_who_keeps_a_transferred_ticket_is_its_assignee_at_every_door(helpdesk: Helpdesk) -> None:
    ticket = open_ticket(helpdesk, "ana@story-transfer.example")
    assignment = helpdesk.client("assignment")
    assignment.post(f"/v1/assignments/{ticket['id']}/assign", agent_id="cleo", reason="she knows the building")
    seen(helpdesk, ticket, lambda t: t["assignee"] and t["assignee"]["id"] == "cleo")
    assignment.post(f"/v1/assignments/{ticket['id']}/transfer", department_id="support", reason="it is a password")
    moved = seen(helpdesk, ticket, lambda t: t["department"]["id"] == "support")
    assert moved["assignee"] == {"id": "cleo", "name": "Cleo Marin"}
    known = assignment.get(f"/v1/assignments/{ticket['id']}")
    assert (known["state"], known["agent_id"], known["department_id"]) == ("assigned", "cleo", "support")


def test_a_reply_by_mail_finds_its_ticket_and_reopens_it(helpdesk: Helpdesk) -> None:
    address = "ana@story-mail.example"
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = (
        f"Ana Ruiz <{address}>",
        "support@desk.example",
        "Printer prints nothing",
    )
    mail["Message-ID"] = "<first@story-mail.example>"
    mail.set_content("It blinks twice.")
    mail.add_attachment(b"%PDF-1.4 a test page", maintype="application", subtype="pdf", filename="page.pdf")
    made = helpdesk.client("intake").post_mail(mail.as_bytes())
    ticket = {"id": made["ticket_id"]}
    seen(helpdesk, ticket, lambda t: bool(t["assignee"]))
    [received] = eventually(lambda: mails_of_kind(helpdesk, address, "We have your request"), bool)
    assert received["In-Reply-To"] == "<first@story-mail.example>"
    assert received["Auto-Submitted"] == "auto-replied"
    agent = helpdesk.client("intake", look(helpdesk, ticket)["assignee"]["id"])
    agent.post(f"/v1/tickets/{ticket['id']}/resolve", resolution="New toner.")
    reply = EmailMessage()
    reply["From"], reply["To"], reply["Subject"] = address, "support@desk.example", "Re: Printer prints nothing"
    reply["In-Reply-To"] = received["Message-ID"]
    reply.set_content("It blinks again.")
    answers = [helpdesk.client("intake").post_mail(reply.as_bytes()) for _ in range(2)]
    assert [answer["ticket_id"] for answer in answers] == [ticket["id"], ticket["id"]]
    assert look(helpdesk, ticket)["status"] == "open"
    entries = helpdesk.client("intake").get(f"/v1/tickets/{ticket['id']}/entries")["data"]
    assert [entry["kind"] for entry in entries] == ["description", "requester_reply"]
    assert [file["name"] for file in entries[0]["attachments"]] == ["page.pdf"]


def test_a_monitoring_system_closes_what_it_opened(helpdesk: Helpdesk) -> None:
    monitoring = Submitter(helpdesk.account("submitter"), "monitoring.example")
    described = {
        "requester": {"address": "alarm@story-amqp.example", "name": "Monitoring"},
        "subject": "db-3 does not answer",
        "text": "Port 5432 is silent.",
        "topic": "monitoring",
        "external_reference": "alarm-1",
    }
    accepted = monitoring.submit("ticket.submit", **described)
    refused = monitoring.submit("ticket.submit", **{**described, "subject": "", "external_reference": "alarm-2"})
    unknown = monitoring.submit("ticket.close", external_reference="alarm-3", reason="over")
    closed = monitoring.submit("ticket.close", external_reference="alarm-1", reason="it answers again")
    monitoring.close()
    assert closed["ticket_id"] == accepted["ticket_id"]
    assert {reason["field"] for reason in refused["reasons"]} == {"subject"}
    assert [reason["field"] for reason in unknown["reasons"]] == ["external_reference"]
    assert look(helpdesk, {"id": accepted["ticket_id"]})["status"] == "closed"


def test_a_request_repeated_under_its_key_has_one_effect(helpdesk: Helpdesk) -> None:
    described = {
        "requester": {"address": "ana@story-twice.example", "name": "Ana"},
        "subject": "Twice",
        "text": "Pressed twice.",
    }
    first = post(helpdesk, "/v1/tickets", described, Idempotency_Key="pressed-twice")
    assert first[0] == 201
    assert post(helpdesk, "/v1/tickets", described, Idempotency_Key="pressed-twice") == first
    status, problem = post(helpdesk, "/v1/tickets", {**described, "subject": "Other"}, Idempotency_Key="pressed-twice")
    assert (status, problem["title"]) == (422, "This Idempotency-Key was used for another request")
