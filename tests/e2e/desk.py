"""What the stories have in common: opening a ticket, looking at it, reading the mails that a real server got."""

import http.client
import json
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from urllib.parse import urlsplit

from tests.support.eventually import eventually
from tests.support.stack import Helpdesk

Ticket = dict[str, Any]


def open_ticket(helpdesk: Helpdesk, requester: str, **more: Any) -> Ticket:
    """Ana's ticket, once it has its agent and its due moments."""
    described = {
        "requester": {"address": requester, "name": "Ana Ruiz"},
        "subject": "VPN drops every hour",
        "text": "It drops every hour, on the hour.",
        "topic": "network",
        **more,
    }
    made = helpdesk.client("intake").post("/v1/tickets", **described)
    return seen(helpdesk, made, lambda ticket: bool(ticket["assignee"] and ticket["targets"]))


def look(helpdesk: Helpdesk, ticket: Ticket) -> Ticket:
    found: Ticket = helpdesk.client("intake").get(f"/v1/tickets/{ticket['id']}")
    return found


def seen(helpdesk: Helpdesk, ticket: Ticket, holds: Any) -> Ticket:
    return eventually(lambda: look(helpdesk, ticket), holds)


def states(ticket: Ticket) -> dict[str, str]:
    return {target["target"]: target["state"] for target in ticket["targets"]}


def post(helpdesk: Helpdesk, path: str, body: dict[str, Any], **headers: str) -> tuple[int, dict[str, Any]]:
    """One request to intake with headers of its own: (status, answer)."""
    connection = http.client.HTTPConnection(urlsplit(helpdesk.services.urls["intake"]).netloc, timeout=30)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    sent |= {"Authorization": f"Bearer {helpdesk.key}", "Content-Type": "application/json"}
    connection.request("POST", path, json.dumps(body), sent)
    response = connection.getresponse()
    answer: dict[str, Any] = json.loads(response.read())
    connection.close()
    return response.status, answer


def timeline(helpdesk: Helpdesk, ticket: Ticket) -> list[dict[str, Any]]:
    hops: list[dict[str, Any]] = helpdesk.client("intake").get(f"/v1/tickets/{ticket['id']}/timeline")["data"]
    return hops


def mails_to(helpdesk: Helpdesk, address: str) -> list[EmailMessage]:
    found = []
    for path in sorted(helpdesk.mails.glob("*.eml")):
        mail = message_from_bytes(path.read_bytes(), policy=default)
        if isinstance(mail, EmailMessage) and address in str(mail["To"]):
            found.append(mail)
    return found


def mails_of_kind(helpdesk: Helpdesk, address: str, words: str) -> list[EmailMessage]:
    return [mail for mail in mails_to(helpdesk, address) if words in _text(mail)]


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return f"{mail['Subject']}\n{body.get_content() if body else ''}"
