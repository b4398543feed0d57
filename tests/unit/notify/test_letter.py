"""A letter as mail: its headers, and what can't get into them."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from services.notify import letter
from services.notify.delivery_repository import from_document
from services.notify.domain.delivery import Delivery
from services.notify.handlers.write_messages import write_messages
from tests.unit.notify.cast import ASSIGNED, CREATED, NOON, REPLIED, event, with_requester, with_ticket
from tests.unit.notify.store import NOTHING


def delivery(data: Any) -> Delivery:
    [(_, document)] = write_messages(event(data), NOTHING, NOON).documents
    return from_document(document)


def mail(data: Any) -> EmailMessage:
    content = letter.to_bytes(delivery(data), "Help desk <help@desk.example>")
    return message_from_bytes(content, policy=policy.default)


def test_an_acknowledgement_answers_the_requesters_mail_and_says_that_a_machine_wrote_it() -> None:
    headers = mail(CREATED)
    assert headers["From"] == "Help desk <help@desk.example>"
    assert headers["To"] == "ana@customer.example"
    assert headers["Subject"] == "We have your request [#100001]"
    assert headers["Date"] == "Mon, 02 Mar 2026 12:00:00 +0000"
    assert headers["In-Reply-To"] == "<1@customer.example>"
    assert headers["References"].endswith(" <1@customer.example>")
    assert headers["Auto-Submitted"] == "auto-replied"
    assert headers["X-Auto-Response-Suppress"] == "All"
    assert [part.get_content_type() for part in headers.iter_parts()] == ["text/plain", "text/html"]


def test_a_mail_that_is_sent_again_is_the_same_mail() -> None:
    written = delivery(CREATED)
    again = replace(written, attempts=2, doubts=1, due_at=NOON + timedelta(days=1), lease="another")
    assert letter.to_bytes(again, "help@desk.example") == letter.to_bytes(written, "help@desk.example")


def test_two_mails_have_no_boundary_in_common() -> None:
    assert mail(CREATED).get_boundary() != mail(REPLIED).get_boundary()


def test_a_reply_of_an_agent_is_mail_of_a_person() -> None:
    assert mail(REPLIED)["Auto-Submitted"] is None


def test_an_alert_to_an_agent_is_mail_of_a_machine_and_answers_nobody() -> None:
    headers = mail(ASSIGNED)
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["In-Reply-To"] is None


def test_a_message_id_longer_than_a_line_is_not_broken() -> None:
    written = delivery(CREATED)
    message_id = f"<rd.{'x' * 80}@desk.example>"
    written = replace(written, letter=replace(written.letter, message_id=message_id))
    content = letter.to_bytes(written, "help@desk.example")
    [line] = [line for line in content.split(b"\r\n") if line.lower().startswith(b"message-id")]
    assert line == f"Message-ID: {message_id}".encode()
    assert len(line) > 78


def test_a_mail_is_ascii_in_lines_of_at_most_998_bytes_that_end_in_crlf() -> None:
    loud = replace(REPLIED, text="Ünïcode 🔥" + "x" * 5000 + "\n.\n")
    content = letter.to_bytes(delivery(with_ticket(loud, subject="Drücker 🔥 " * 20)), "help@desk.example")
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    assert max(map(len, content.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "hostile",
    [
        "x\r\nBcc: all@customer.example",
        "x\nBcc: all@customer.example",
        "x\rBcc: all@customer.example",
        "x\x85Bcc: all@customer.example",
        "x\u2028Bcc: all@customer.example",
        "x\x0bBcc: all@customer.example",
        'x" <all@customer.example>, "y',
        "=?utf-8?q?x=0D=0ABcc=3A_all@customer.example?=",
    ],
)
def test_no_header_can_be_put_in_by_a_name_or_a_subject(hostile: str) -> None:
    headers = mail(with_ticket(replace(ASSIGNED, agent=replace(ASSIGNED.agent, name=hostile)), subject=hostile))
    assert headers["Bcc"] is None
    assert [address.addr_spec for address in headers["To"].addresses] == ["ben@desk.example"]


@pytest.mark.parametrize(
    "address",
    [
        "ana@customer.example\r\nRCPT TO:<all@customer.example>",
        "ana@customer.example, all@customer.example",
        "<all@customer.example>",
        "ana",
        "änä@customer.example",
        "ana @customer.example",
    ],
)
def test_an_address_of_another_form_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not of the form"):
        mail(with_requester(CREATED, address=address))


@pytest.mark.parametrize("hostile", ["<a>\r\nBcc: x@y.example", "<a b>", "a@b", "<" + "a" * 300 + ">", ""])
def test_a_message_id_of_another_form_is_not_answered(hostile: str) -> None:
    assert mail(replace(CREATED, mail_message_id=hostile))["In-Reply-To"] is None
