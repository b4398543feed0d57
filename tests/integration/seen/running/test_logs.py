"""Whatever people write, and whatever is secret, is in no log, though everything is logged at debug."""

import http.client
import json
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pika

from cli.submitter import Submitter
from shared.messaging.topology import EVENTS
from tests.e2e import desk
from tests.e2e.desk import mails_to, open_ticket
from tests.integration.seen.running.conftest import SECRET, Seen
from tests.support.eventually import eventually
from tests.support.operator import Operator
from tests.support.stack import Helpdesk

CANARY = "canary-7f3a"
ANA = f"{CANARY}-address@people.example"
PERSONAL = {
    "subject": f"{CANARY} subject",
    "text": f"{CANARY} text",
    "tags": [f"{CANARY}-tag"],
    "custom_fields": {"room": f"{CANARY} room"},
    "external_reference": f"{CANARY}-reference",
}


def test_a_tickets_life_leaves_no_personal_text_and_no_secret_in_any_log(seen: Seen) -> None:
    helpdesk = seen.helpdesk
    ana = {"address": ANA, "name": f"{CANARY} name"}
    made = helpdesk.client("intake").post("/v1/tickets", requester=ana, **PERSONAL)
    ticket = desk.seen(helpdesk, made, lambda ticket: bool(ticket["assignee"]))
    agent = helpdesk.client("intake", ticket["assignee"]["id"])
    for path, words in {
        "replies": {"text": f"{CANARY} reply"},
        "notes": {"text": f"{CANARY} note"},
        "hold": {"reason": f"{CANARY} reason"},
        "resolve": {"resolution": f"{CANARY} resolution"},
    }.items():
        agent.post(f"/v1/tickets/{ticket['id']}/{path}", **words)
    helpdesk.client("intake").post(f"/v1/tickets/{ticket['id']}/rating", score=1, comment=f"{CANARY} comment")
    _mail(seen)
    _refused(seen, ticket)
    _submit(seen)
    poison = json.dumps({"type": f"{CANARY}.type", "id": f"{CANARY}-id", "data": f"{CANARY} data"}).encode()
    _publish(seen, "ticket.created", poison)
    parked = eventually(lambda: [line for line in _lines(seen) if "parking a message" in line["message"]])
    assert {line["type"] for line in parked} == {"ticket.created"}
    _discard_parked(helpdesk)
    assert len(eventually(lambda: mails_to(helpdesk, ANA), lambda mails: len(mails) >= 3)) >= 3
    logs = seen.logs()
    assert CANARY not in logs
    for secret in (SECRET, helpdesk.key, helpdesk.key.rpartition("_")[2], "guest:guest"):
        assert secret not in logs


def test_every_line_is_an_object_that_names_its_process(seen: Seen) -> None:
    open_ticket(seen.helpdesk, "somebody@people.example")
    processes = {line["process"] for line in _lines(seen)}
    assert processes == set(seen.urls)


def test_a_request_leaves_a_line_with_rule_status_time_caller_and_ids(seen: Seen) -> None:
    ticket = open_ticket(seen.helpdesk, "line@people.example")
    seen.helpdesk.client("intake").get(f"/v1/tickets/{ticket['id']}")
    answered = [line for line in _lines(seen) if line["message"] == "answered" and line.get("method") == "GET"]
    line = [line for line in answered if line["rule"] == "/v1/tickets/<uuid:ticket_id>"][-1]
    assert (line["level"], line["service"], line["status"]) == ("debug", "intake", 200)
    assert line["principal"] == seen.helpdesk.key.split("_")[1]
    assert line["milliseconds"] > 0
    assert len(line["trace"]) == 32
    assert line["request"]


def _lines(seen: Seen) -> list[dict[str, Any]]:
    return [json.loads(line) for line in seen.logs().splitlines()]


def _mail(seen: Seen) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"{CANARY} <{ANA}>", "support@desk.example", f"{CANARY} subject"
    mail["Message-ID"] = f"<{CANARY}@people.example>"
    mail.set_content(f"{CANARY} body")
    mail.add_attachment(b"x", maintype="application", subtype="pdf", filename=f"{CANARY}.pdf")
    seen.helpdesk.client("intake").post_mail(mail.as_bytes())


def _refused(seen: Seen, ticket: dict[str, Any]) -> None:
    """A body that is none, one with fields that are none, a taken reference, a key and a path that are wrong."""
    ask(seen, "POST", "/v1/tickets", f'{{"subject": "{CANARY}"', 400)
    ask(seen, "POST", "/v1/tickets", json.dumps({CANARY: CANARY, "subject": CANARY}), 422)
    again = {**PERSONAL, "requester": {"address": ANA, "name": CANARY}}
    ask(seen, "POST", "/v1/tickets", json.dumps(again), 409)
    ask(seen, "GET", f"/v1/tickets/{ticket['id']}?q={CANARY}", None, 401, f"Bearer rdk_{CANARY}_{CANARY}")
    ask(seen, "GET", f"/{CANARY}", None, 404)


def ask(seen: Seen, method: str, path: str, body: str | None, status: int, authorization: str = "") -> None:
    connection = http.client.HTTPConnection(urlsplit(seen.urls["intake-api"]).netloc, timeout=10)
    headers = {"Authorization": authorization or f"Bearer {seen.helpdesk.key}", "Content-Type": "application/json"}
    connection.request(method, path, body, {**headers, "User-Agent": CANARY, "traceparent": CANARY})
    assert connection.getresponse().status == status
    connection.close()


def _submit(seen: Seen) -> None:
    submitter = Submitter(seen.helpdesk.brokers.amqp_url, "monitoring")
    answer = submitter.submit("ticket.submit", **{**PERSONAL, "requester": {"address": ANA, "name": CANARY}})
    assert "ticket_id" in answer
    submitter.submit("ticket.submit", subject=f"{CANARY} alone")
    submitter.close()


def _discard_parked(helpdesk: Helpdesk) -> None:
    """Once all three hearers have parked it."""
    operator = Operator.of(helpdesk)
    eventually(lambda: operator.reads("parked", "list"), lambda rows: len(rows) == 3)
    assert operator.types("parked", "discard", "--all", "--yes").code == 0


def _publish(seen: Seen, routing_key: str, body: bytes) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(seen.helpdesk.brokers.amqp_url))
    connection.channel().basic_publish(EVENTS, routing_key, body)
    connection.close()
