"""What people read."""

from dataclasses import replace
from typing import Any

import pytest

from services.notify.domain.rules import RULES_OF
from services.notify.links import unsigned
from services.notify.rendering import render
from services.notify.settings import Letterhead
from tests.unit.notify.cast import (
    ACCESS_REQUESTED,
    ASSIGNED,
    BREACHED,
    CREATED,
    CREATED_BY_ANA,
    CREATED_BY_BEN,
    ESCALATED,
    FORM_ACTS,
    INVITED,
    NOON,
    REPLIED,
    RESOLVED,
    WARNED,
    event,
    with_requester,
    with_ticket,
)


def written(data: Any, head: Letterhead) -> tuple[str, str, str]:
    [rule] = RULES_OF[event(data).type]
    link = unsigned(rule.link(data, NOON), "[signed]", head.public_url) if rule.link else ""
    return render(rule, data, rule.recipients(data)[0], link, head)


def test_an_acknowledgement_reads_well(head: Letterhead) -> None:
    subject, text, _ = written(CREATED, head)
    assert subject == "We have your request [#100001]"
    assert (
        text
        == """##- reply above this line -##

Hello,

Thank you for writing. Your request has arrived and has the number 100001.
A person will read it and answer you; this mail was written by a machine.

What you wrote is in the ticket, which the link below opens. If you have not written to us, somebody
else has in your name: you need do nothing.


Ticket 100001
https://desk.example/v1/access/[signed]

To add something, reply to this mail, above the line at its top.
"""
    )


@pytest.mark.parametrize("data", [CREATED_BY_ANA, CREATED_BY_BEN])
def test_an_acknowledgement_quotes_who_was_signed_in(data: Any, head: Letterhead) -> None:
    subject, text, _ = written(replace(data, text="Please help.\r\nIt burns."), head)
    assert subject == "We have your request: The printer is on fire [#100001]"
    assert (
        text
        == """##- reply above this line -##

Hello,

Thank you for writing. Your request has arrived and has the number 100001.
A person will read it and answer you; this mail was written by a machine.

You wrote:

> Please help.
> It burns.


Ticket 100001: The printer is on fire
https://desk.example/v1/access/[signed]

To add something, reply to this mail, above the line at its top.
"""
    )


def test_an_alert_to_an_agent_reads_well_and_asks_for_no_reply(head: Letterhead) -> None:
    subject, text, _ = written(BREACHED, head)
    assert subject == "Overdue, resolution: The printer is on fire [#100001]"
    assert (
        text
        == """Hello Ben Okafor,

The resolution of this ticket (SEV B) was due at 2 March 2026, 13:00 CET and is missed.
Ben Okafor is working on it.


Ticket 100001: The printer is on fire
https://desk.example/tickets/100001
"""
    )


@pytest.mark.parametrize(
    ("data", "subject", "sentence", "page"),
    [
        (REPLIED, "Re: The printer is on fire [#100001]", "Water is on its way.", "/v1/access/[signed]"),
        (RESOLVED, "Resolved: The printer is on fire [#100001]", "A new printer stands there.", "/v1/access/[signed]"),
        (
            ASSIGNED,
            "Yours now: The printer is on fire [#100001]",
            "A ticket of Infrastructure is yours now.",
            "/tickets/100001",
        ),
        (
            WARNED,
            "Due soon, first response: The printer is on fire [#100001]",
            "The first response of this ticket (SEV B) is due at",
            "/tickets/100001",
        ),
        (ESCALATED, "Escalated: The printer is on fire [#100001]", "the resolution is overdue.", "/tickets/100001"),
        (INVITED, "Your account at the help desk", "Dana Weiss has asked us to let you in", "/v1/invitations/[signed]"),
        (
            ACCESS_REQUESTED,
            "Your requests at the help desk",
            "wants to see your requests at the help desk.",
            "/v1/access/[signed]",
        ),
    ],
)
def test_text_and_html_say_the_same(data: Any, subject: str, sentence: str, page: str, head: Letterhead) -> None:
    written_subject, text, html = written(data, head)
    assert written_subject == subject
    assert sentence in text
    assert sentence in html
    assert f"https://desk.example{page}\n" in text
    assert f'<a href="https://desk.example{page}"' in html


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (CREATED_BY_ANA, "This is only the beginning of what you wrote. The whole of it is in the ticket"),
        (REPLIED, "This is only the beginning of the answer. The whole of it is in the ticket"),
    ],
)
def test_a_text_that_was_too_long_for_an_event_is_not_passed_off_as_whole(
    data: Any, sentence: str, head: Letterhead
) -> None:
    for part in written(replace(data, is_cut=True), head)[1:]:
        assert sentence in part
        assert part.index(data.text) < part.index(sentence) < part.index("https://desk.example/v1/access/[signed]")
    assert all("only the beginning" not in part for part in written(data, head))


def test_an_invitation_reads_well(head: Letterhead) -> None:
    _, text, _ = written(INVITED, head)
    assert (
        text
        == """Hello Ben Okafor,

Dana Weiss has asked us to let you in at the help desk.
Here you choose the password of your account, once, until 5 March 2026, 13:00 CET:

https://desk.example/v1/invitations/[signed]

If you did not expect this, do nothing: without the link nothing changes.
"""
    )


def test_a_link_to_ones_own_requests_reads_well(head: Letterhead) -> None:
    _, text, _ = written(ACCESS_REQUESTED, head)
    assert (
        text
        == """Hello,

Somebody, probably you, wants to see your requests at the help desk. This link opens them until
2 March 2026, 14:00 CET:

https://desk.example/v1/access/[signed]

Pass it on to nobody. If you did not ask for it, do nothing: nobody else has it.
"""
    )


def test_an_agent_without_a_name_is_greeted_all_the_same(head: Letterhead) -> None:
    assert written(replace(ASSIGNED, agent=replace(ASSIGNED.agent, name="")), head)[1].startswith("Hello,\n")


SPAM = "BUY NOW https://evil.example"


@pytest.mark.parametrize(
    "data",
    [
        replace(CREATED, text=SPAM),
        replace(CREATED, text=SPAM, actor=FORM_ACTS, channel="http"),
        replace(CREATED, text=SPAM, actor=FORM_ACTS, channel="amqp"),
        replace(CREATED, text=SPAM, is_cut=True),
        replace(RESOLVED, actor=FORM_ACTS),
    ],
)
def test_nothing_that_a_stranger_may_have_written_is_told_by_a_machine(data: Any, head: Letterhead) -> None:
    parts = written(with_requester(with_ticket(data, subject=SPAM), name=SPAM), head)
    assert [part for part in parts if "BUY NOW" in part or "evil" in part] == []
    assert all("100001" in part for part in parts)


@pytest.mark.parametrize("data", [CREATED_BY_ANA, CREATED_BY_BEN, REPLIED, RESOLVED])
def test_a_requesters_name_is_in_no_mail_to_him(data: Any, head: Letterhead) -> None:
    assert [part for part in written(with_requester(data, name=SPAM), head) if "BUY NOW" in part] == []


def test_nor_is_it_where_anybody_can_have_a_mail_sent_to_him(head: Letterhead) -> None:
    data = replace(ACCESS_REQUESTED, requester=replace(ACCESS_REQUESTED.requester, name=SPAM))
    assert [part for part in written(data, head) if "BUY NOW" in part] == []


HOSTILE = "<img src=x onerror=alert(1)>&\"'{{ 7*7 }}</blockquote>"


@pytest.mark.parametrize(
    "data",
    [
        with_ticket(CREATED_BY_ANA, subject=HOSTILE),
        replace(CREATED_BY_ANA, text=HOSTILE),
        replace(REPLIED, text=HOSTILE),
        replace(RESOLVED, resolution=HOSTILE),
        with_requester(ASSIGNED, name=HOSTILE),
        replace(ESCALATED, reason=HOSTILE),
        replace(INVITED, invited_by=HOSTILE),
        replace(INVITED, agent=replace(INVITED.agent, name=HOSTILE)),
    ],
)
def test_what_strangers_typed_stays_text_in_html(data: Any, head: Letterhead) -> None:
    _, text, html = written(data, head)
    escaped = "&lt;img src=x onerror=alert(1)&gt;&amp;&#34;&#39;{{ 7*7 }}&lt;/blockquote&gt;"
    assert escaped in html
    assert "<img" not in html
    assert HOSTILE in text


@pytest.mark.parametrize(
    ("length", "subject"),
    [
        (186, f"Re: {'x' * 186} [#100001]"),
        (187, f"Re: {'x' * 185}… [#100001]"),
        (300, f"Re: {'x' * 185}… [#100001]"),
    ],
)
def test_a_long_subject_keeps_the_number(length: int, subject: str, head: Letterhead) -> None:
    title, text, html = written(with_ticket(REPLIED, subject="x" * length), head)
    assert title == subject
    assert f"<title>{subject}</title>" in html
    assert f"Ticket 100001: {'x' * length}\n" in text


def test_a_subject_stays_on_its_line(head: Letterhead) -> None:
    hostile = "Fire\r\nBcc: all@customer.example\x00\u2028\x85\u202egnp.exe"
    subject, text, _ = written(with_ticket(REPLIED, subject=hostile), head)
    assert subject == "Re: Fire Bcc: all@customer.example gnp.exe [#100001]"
    assert "Ticket 100001: Fire Bcc: all@customer.example gnp.exe\n" in text
