"""Links in mails let in whom they were sent to, and nobody who reads the delivery."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from services.notify import letter
from services.notify.delivery_repository import from_document
from services.notify.handlers.write_messages import write_messages
from services.notify.settings import Letterhead
from shared.access.signed_link import Link, LinkInvalid, read, sign
from tests.unit.notify.cast import (
    ACCESS_REQUESTED,
    ASSIGNED,
    BREACHED,
    CREATED,
    CREATED_BY_ANA,
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
    return mailed(document(data))


def mailed(written: dict[str, Any]) -> list[str]:
    content = letter.to_bytes(from_document(written), "Help desk <help@desk.example>")
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
        assert "/[signed-" in part


@pytest.mark.parametrize("data", [ASSIGNED, BREACHED])
def test_agents_get_no_link_that_lets_a_requester_in(data: Any) -> None:
    assert all("/v1/access/" not in part for part in parts(data))


def mark_of_an_earlier_letter() -> str:
    """Its reader may have seen it, say in a list of deliveries."""
    earlier = write_messages(event(CREATED, "0195573f-0000-7000-8000-0000000000e0"), NOTHING, NOON).documents[0][1]
    return str(earlier["letter"]["link_mark"])


@pytest.mark.parametrize(
    ("hostile", "opens"),
    [
        (lambda evil: with_ticket(CREATED_BY_ANA, subject=evil), TO_THE_TICKET),
        (lambda evil: replace(CREATED_BY_ANA, text=f"Help.\n{evil}\n"), TO_THE_TICKET),
        (lambda evil: replace(REPLIED, text=f"You wrote:\n{evil}\n"), TO_THE_TICKET),
        (lambda evil: replace(RESOLVED, resolution=evil), TO_THE_TICKET),
        (lambda evil: replace(INVITED, invited_by=evil), TO_THE_INVITATION),
        (lambda evil: replace(INVITED, agent=replace(INVITED.agent, name=evil)), TO_THE_INVITATION),
    ],
)
def test_a_strangers_link_to_his_own_host_is_signed_by_nobody_whatever_he_guesses(
    hostile: Callable[[str], Any], opens: Link, head: Letterhead
) -> None:
    signature = sign(opens, head.link_secret)
    for guess in ("[signed]", f"[signed-{'0' * 32}]", mark_of_an_earlier_letter()):
        for evil in (f"https://evil.example/v1/access/{guess}", f"https://evil.example/v1/invitations/{guess}"):
            for part in parts(hostile(evil)):
                assert evil in part
                assert part.count(signature) == 1
                assert "evil" not in part[part.index(signature) - 40 : part.index(signature)]


def older(data: Any) -> dict[str, Any]:
    """As deliveries were stored while all letters had the same mark."""
    written = document(data)
    letter, mark = written["letter"], written["letter"].pop("link_mark")
    letter["text"], letter["html"] = (letter[form].replace(mark, "[signed]") for form in ("text", "html"))
    return written


@pytest.mark.parametrize(
    ("data", "door", "opens"),
    [
        (CREATED, "/v1/access/", TO_THE_TICKET),
        (ACCESS_REQUESTED, "/v1/access/", TO_ANAS_TICKETS),
        (INVITED, "/v1/invitations/", TO_THE_INVITATION),
    ],
)
def test_a_letter_that_is_older_than_marks_has_its_link(data: Any, door: str, opens: Link, head: Letterhead) -> None:
    for part in mailed(older(data)):
        assert read(link_in(part, door), opens.purpose, head.link_secret, NOON) == opens


@pytest.mark.parametrize("before", ["https://evil.example", "https://evil.example/?to=https://desk.example"])
def test_nor_does_a_letter_that_is_older_than_marks_sign_what_a_stranger_wrote(before: str, head: Letterhead) -> None:
    evil = f"{before}/v1/access/[signed]"
    signature = sign(TO_THE_TICKET, head.link_secret)
    written = older(replace(with_ticket(CREATED_BY_ANA, subject=evil), text=evil))
    for form in ("text", "html"):  # which called him by his name then
        written["letter"][form] = written["letter"][form].replace("Hello,", f"Hello {evil},")
    for part in mailed(written):
        assert part.count(evil) >= 3
        assert part.count(signature) == 1


def test_a_mail_about_no_ticket_is_part_of_no_thread() -> None:
    written = document(INVITED)
    assert (written["ticket_id"], written["ticket_number"], written["letter"]["references"]) == (None, None, [])
    content = letter.to_bytes(from_document(written), "Help desk <help@desk.example>")
    headers = message_from_bytes(content, policy=policy.default)
    assert (headers["References"], headers["In-Reply-To"]) == (None, None)
    assert (headers["To"], headers["Cc"], headers["Bcc"]) == ("Ben Okafor <ben@desk.example>", None, None)
    assert headers["Auto-Submitted"] == "auto-generated"
