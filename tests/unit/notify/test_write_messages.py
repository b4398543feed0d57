"""Events become deliveries, each for ever at most once."""

from datetime import timedelta

import pytest

from services.notify.handlers.write_messages import keys, write_messages
from services.notify.settings import Letterhead
from shared.mail_reference import ticket_of
from tests.unit.notify.cast import BREACHED, CREATED, NOON, TICKET_ID, event, with_requester
from tests.unit.notify.store import NOTHING, documents

EVENT_ID = "0195573f-0000-7000-8000-0000000000e1"


def test_a_breach_is_a_delivery_for_each_who_should_know() -> None:
    changes = write_messages(event(BREACHED), NOTHING, NOON)
    assert [(d["_id"], d["recipient"]["address"], d["state"], d["due_at"]) for _, d in changes.documents] == [
        (f"{EVENT_ID}:target_breached:ben:email", "ben@desk.example", "pending", NOON),
        (f"{EVENT_ID}:target_breached:dana:email", "dana@desk.example", "pending", NOON),
    ]
    assert changes.events == []


def test_the_keys_name_the_deliveries_to_be() -> None:
    written = [document["_id"] for _, document in write_messages(event(BREACHED), NOTHING, NOON).documents]
    assert [key.value for key in keys(event(BREACHED))] == written


def test_an_event_heard_again_after_the_inbox_forgot_it_changes_nothing() -> None:
    [(_, first)] = write_messages(event(CREATED), NOTHING, NOON).documents
    again = write_messages(event(CREATED), documents({**first, "state": "sent"}), NOON + timedelta(days=40))
    assert again.documents == []


def test_a_reply_to_the_mail_finds_the_ticket(head: Letterhead) -> None:
    [(_, document)] = write_messages(event(CREATED), NOTHING, NOON).documents
    letter = document["letter"]
    assert ticket_of(letter["message_id"], head.mail_secret) == TICKET_ID
    assert ticket_of(" ".join(letter["references"]), head.mail_secret) == TICKET_ID


@pytest.mark.parametrize("own", ["help@desk.example", "Help@Desk.Example"])
def test_the_desk_does_not_write_to_itself(own: str) -> None:
    assert write_messages(event(with_requester(CREATED, address=own)), NOTHING, NOON).documents == []
