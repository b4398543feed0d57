"""SMTP header and command injection (CWE-93): whatever strangers typed, a mail has its own headers and one reader."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.integration.notify.conftest import Desk, MakeSender
from tests.support.smtp_server import Mail, SmtpServer
from tests.unit.notify.cast import (
    ACCESS_REQUESTED,
    ASSIGNED,
    CREATED,
    CREATED_BY_ANA,
    ESCALATED,
    INVITED,
    REPLIED,
    RESOLVED,
    with_requester,
    with_ticket,
)

BREAKS = ["\r\n", "\n", "\r", "\r\n ", "\x00", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "%0d%0a", "\\r\\n"]
INJECTED = "Bcc: everybody@customer.example"
ENCODED = [
    "=?utf-8?q?=0D=0ABcc:_everybody@customer.example?=",
    "=?utf-8?b?DQpCY2M6IGV2ZXJ5Ym9keUBjdXN0b21lci5leGFtcGxl?=",
]
EVIL = [f"x{line_break}{INJECTED}{line_break}{line_break}A body" for line_break in BREAKS] + ENCODED
USUAL = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "References",
    "In-Reply-To",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
}
FIELDS: dict[str, Callable[[str], Any]] = {
    "the subject of a ticket": lambda evil: with_ticket(REPLIED, subject=evil),
    "the number of a ticket": lambda evil: with_ticket(CREATED, number=evil),
    "the name of a requester": lambda evil: with_requester(CREATED, name=evil),
    "the text of a requester": lambda evil: replace(CREATED_BY_ANA, text=evil),
    "the Message-ID of a requester": lambda evil: replace(REPLIED, mail_message_id=f"<{evil}@customer.example>"),
    "the resolution": lambda evil: replace(RESOLVED, resolution=evil),
    "the name of an agent": lambda evil: replace(ASSIGNED, agent=replace(ASSIGNED.agent, name=evil)),
    "the reason of an escalation": lambda evil: replace(ESCALATED, reason=evil),
    "who invites": lambda evil: replace(INVITED, invited_by=evil),
    "who is invited": lambda evil: replace(INVITED, agent=replace(INVITED.agent, name=evil)),
    "who asks for access": lambda evil: replace(
        ACCESS_REQUESTED, requester=replace(ACCESS_REQUESTED.requester, name=evil)
    ),
}


def sent(data: Any, desk: Desk, server: SmtpServer, make_sender: MakeSender) -> list[Mail]:
    desk.hears(data)
    sender = make_sender()
    mailer = sender.mailer()
    assert sender.deliver_one(mailer)
    mailer.close()
    return server.mails


@pytest.mark.parametrize("field", FIELDS)
def test_a_line_break_makes_no_header_and_no_reader(
    field: str, desk: Desk, server: SmtpServer, make_sender: MakeSender
) -> None:
    for number, evil in enumerate(EVIL, start=1):
        data = FIELDS[field](evil)
        mail = sent(data, desk, server, make_sender)[-1]
        assert len(server.mails) == number
        assert set(mail.message.keys()) <= USUAL
        assert len(mail.message.keys()) == len(set(mail.message.keys()))
        assert mail.recipient in {"ana@customer.example", "ben@desk.example", "dana@desk.example"}
        head, _, _ = mail.content.partition(b"\r\n\r\n")
        assert not [line for line in head.split(b"\r\n") if line.lower().startswith((b"bcc", b" bcc", b"\tbcc"))]
        assert all(32 <= byte < 127 or byte in b"\r\n\t" for byte in head)


@pytest.mark.parametrize(
    "address",
    [
        *(f"ana@customer.example{line_break}RCPT TO:<everybody@customer.example>" for line_break in BREAKS),
        "ana@customer.example>\r\nDATA",
        "ana@customer.example, everybody@customer.example",
        "ana@customer.example everybody@customer.example",
        "<ana@customer.example>",
        "ana@customer.example SIZE=1",
        '"ana\r\n"@customer.example',
        "ana",
    ],
)
def test_an_address_that_is_more_than_one_gets_nothing(
    address: str, desk: Desk, server: SmtpServer, make_sender: MakeSender
) -> None:
    assert sent(with_requester(CREATED, address=address), desk, server, make_sender) == []
    assert desk.database["deliveries"].distinct("state") == ["failed"]


def test_nothing_but_the_address_on_record_is_written_to(
    desk: Desk, server: SmtpServer, make_sender: MakeSender
) -> None:
    elsewhere = replace(ACCESS_REQUESTED.requester, name="everybody@customer.example <everybody@customer.example>")
    [mail] = sent(replace(ACCESS_REQUESTED, requester=elsewhere), desk, server, make_sender)
    assert mail.recipient == "ana@customer.example"
    [to] = mail.message["To"].addresses
    assert to.addr_spec == "ana@customer.example"
