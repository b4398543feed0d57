"""Links in mails let in whom they were sent to, and nobody who reads the delivery."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from services.notify import letter
from services.notify.delivery_repository import from_document
from services.notify.handlers.write_messages import write_messages
from services.notify.settings import Letterhead
from shared.access.signed_link import Link, LinkInvalid, read
from tests.unit.notify.cast import (
    ACCESS_REQUESTED,
    ASSIGNED,
    BREACHED,
    CREATED,
    INVITED,
    NOON,
    REPLIED,
    RESOLVED,
    TICKET_ID,
    event,
    with_ticket,
)
from tests.unit.notify.store import NOTHING

APRIL_FIRST = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
TO_THE_TICKET = Link("ticket", TICKET_ID, "ana", NOON, APRIL_FIRST)
TO_ANAS_TICKETS = Link("requester", "ana", "ana", NOON, datetime(2026, 3, 2, 13, 0, tzinfo=UTC))
TO_THE_INVITATION = Link(
    "invitation", "0195573f-0000-7000-8000-0000000000f1", "ben", NOON, datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
)


def document(data: Any) -> dict[str, Any]:
    return write_messages(event(data), NOTHING, NOON + timedelta(hours=2)).documents[0][1]


def parts(data: Any) -> list[str]:
    content = letter.to_bytes(from_document(document(data)), "Help desk <help@desk.example>", NOON)
    message = message_from_bytes(content, policy=policy.default)
    return [part.get_content() for part in message.iter_parts()]


def link_in(part: str, door: str) -> str:
    [_, after] = part.split(f"https://desk.example{door}")
    return after.split('"')[0].split()[0]


@pytest.mark.parametrize(
    ("data", "door", "opens"),
    [
        (CREATED, "/v1/access/", TO_THE_TICKET),
        (REPLIED, "/v1/access/", TO_THE_TICKET),
        (RESOLVED, "/v1/access/", TO_THE_TICKET),
        (ACCESS_REQUESTED, "/v1/access/", TO_ANAS_TICKETS),
        (INVITED, "/v1/invitations/", TO_THE_INVITATION),
    ],
)
def test_a_mail_has_a_link_for_its_reader_in_both_its_forms(
    data: Any, door: str, opens: Link, head: Letterhead
) -> None:
    for part in parts(data):
        assert read(link_in(part, door), opens.purpose, head.link_secret, NOON) == opens


def test_a_link_is_over_when_it_says_so(head: Letterhead) -> None:
    link = link_in(parts(CREATED)[0], "/v1/access/")
    assert read(link, "ticket", head.link_secret, APRIL_FIRST - timedelta(seconds=1)).subject == TICKET_ID
    with pytest.raises(LinkInvalid):
        read(link, "ticket", head.link_secret, APRIL_FIRST)


@pytest.mark.parametrize("data", [CREATED, ACCESS_REQUESTED, INVITED])
def test_a_stored_delivery_lets_nobody_in(data: Any) -> None:
    written = document(data)["letter"]
    for part in (written["text"], written["html"]):
        assert "/[signed]" in part


@pytest.mark.parametrize("data", [ASSIGNED, BREACHED])
def test_agents_get_no_link_that_lets_a_requester_in(data: Any) -> None:
    assert all("/v1/access/" not in part for part in parts(data))


def test_who_writes_what_stands_for_a_link_gets_no_other_than_his_own(head: Letterhead) -> None:
    mark = "/v1/access/[signed] /v1/invitations/[signed]"
    text = parts(with_ticket(CREATED, subject=mark))[0]
    assert "/v1/invitations/[signed]" in text
    assert all("/v1/access/" not in part for part in parts(with_ticket(ASSIGNED, subject="x")))
    assert all("[signed]" in part for part in parts(with_ticket(ASSIGNED, subject=mark)))


def test_a_mail_about_no_ticket_is_part_of_no_thread() -> None:
    written = document(INVITED)
    assert (written["ticket_id"], written["ticket_number"], written["letter"]["references"]) == (None, None, [])
    content = letter.to_bytes(from_document(written), "Help desk <help@desk.example>", NOON)
    headers = message_from_bytes(content, policy=policy.default)
    assert (headers["References"], headers["In-Reply-To"]) == (None, None)
    assert (headers["To"], headers["Cc"], headers["Bcc"]) == ("Ben Okafor <ben@desk.example>", None, None)
    assert headers["Auto-Submitted"] == "auto-generated"
