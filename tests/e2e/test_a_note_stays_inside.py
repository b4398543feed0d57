"""A note's text, followed on the wire and in the mails that real servers got."""

import json
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel

from shared.events.catalogue import PUBLIC
from tests.e2e.conftest import Accounts
from tests.e2e.desk import mails_of_kind, open_ticket, seen, states
from tests.support.eventually import eventually
from tests.support.stack import Helpdesk

CANARY = "CANARY-4f1c"
QUEUE = "listener.canary"


def test_a_note_reaches_no_listener_and_no_mail(helpdesk: Helpdesk, accounts: Accounts) -> None:
    with pika.BlockingConnection(pika.URLParameters(accounts.listener)) as connection:
        channel = connection.channel()
        channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
        try:
            for event_type in PUBLIC:
                channel.queue_bind(QUEUE, "helpdesk.events", event_type)
            ticket = played_with_notes(helpdesk)
            heard: list[bytes] = []
            eventually(lambda: listened(channel, heard), lambda types: {"ticket.resolved", "sla.met"} <= types)
        finally:
            channel.queue_delete(QUEUE)
    assert {json.loads(body)["subject"] for body in heard} >= {ticket["id"]}
    assert not [body for body in heard if CANARY.encode() in body]
    eventually(lambda: mails_of_kind(helpdesk, "ana@canary.example", "The lease time is a day now."), bool)
    assert not [path for path in helpdesk.mails.glob("*.eml") if CANARY.encode() in path.read_bytes()]


def played_with_notes(helpdesk: Helpdesk) -> dict[str, Any]:
    """A note at every turn: each later event is made with the notes already there."""
    ticket = open_ticket(helpdesk, "ana@canary.example")
    agent = helpdesk.client("intake", ticket["assignee"]["id"])
    for action, body in (
        ("triage", {"impact": "high", "reason": "all of sales"}),
        ("replies", {"text": "Please try the new profile."}),
        ("hold", {"reason": "waiting for the vendor"}),
        ("resume", {"reason": "the vendor answered"}),
        ("resolve", {"resolution": "The lease time is a day now."}),
    ):
        agent.post(f"/v1/tickets/{ticket['id']}/notes", text=f"{CANARY}: he calls every week, before {action}")
        agent.post(f"/v1/tickets/{ticket['id']}/{action}", **body)
    agent.post(f"/v1/tickets/{ticket['id']}/notes", text=f"{CANARY}: glad that it is over")
    return seen(helpdesk, ticket, lambda t: states(t) == {"first_response": "met", "resolution": "met"})


def listened(channel: BlockingChannel, heard: list[bytes]) -> set[str]:
    """Takes what has come by now; the types of all that was heard."""
    while (message := channel.basic_get(QUEUE, auto_ack=True))[2] is not None:
        heard.append(message[2])
    return {json.loads(body)["type"] for body in heard}
