"""What people read."""

from dataclasses import replace
from typing import Any

import pytest

from services.notify.domain.rules import RULES_OF
from services.notify.rendering import render
from services.notify.settings import Letterhead
from tests.unit.notify.cast import (
    ASSIGNED,
    BREACHED,
    CREATED,
    ESCALATED,
    REPLIED,
    RESOLVED,
    WARNED,
    event,
    with_requester,
    with_ticket,
)


def written(data: Any, head: Letterhead) -> tuple[str, str, str]:
    [rule] = RULES_OF[event(data).type]
    return render(rule, data, rule.recipients(data)[0], head)


def test_an_acknowledgement_reads_well(head: Letterhead) -> None:
    subject, text, _ = written(replace(CREATED, text="Please help.\r\nIt burns."), head)
    assert subject == "We have your request: The printer is on fire [#100001]"
    assert (
        text
        == """##- reply above this line -##

Hello Ana Silva,

Thank you for writing. Your request has arrived and has the number 100001.
A person will read it and answer you; this mail was written by a machine.

You wrote:

> Please help.
> It burns.


Ticket 100001: The printer is on fire
https://desk.example/tickets/100001

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
    ("data", "subject", "sentence"),
    [
        (REPLIED, "Re: The printer is on fire [#100001]", "Water is on its way."),
        (RESOLVED, "Resolved: The printer is on fire [#100001]", "A new printer stands there."),
        (ASSIGNED, "Yours now: The printer is on fire [#100001]", "A ticket of Infrastructure is yours now."),
        (
            WARNED,
            "Due soon, first response: The printer is on fire [#100001]",
            "The first response of this ticket (SEV B) is due at",
        ),
        (ESCALATED, "Escalated: The printer is on fire [#100001]", "the resolution is overdue."),
    ],
)
def test_text_and_html_say_the_same(data: Any, subject: str, sentence: str, head: Letterhead) -> None:
    written_subject, text, html = written(data, head)
    assert written_subject == subject
    assert sentence in text
    assert sentence in html
    assert '<a href="https://desk.example/tickets/100001"' in html


def test_a_requester_without_a_name_is_greeted_all_the_same(head: Letterhead) -> None:
    assert "\nHello,\n" in written(with_requester(CREATED, name=""), head)[1]


HOSTILE = "<img src=x onerror=alert(1)>&\"'{{ 7*7 }}</blockquote>"


@pytest.mark.parametrize(
    "data",
    [
        with_ticket(CREATED, subject=HOSTILE),
        with_requester(CREATED, name=HOSTILE),
        replace(CREATED, text=HOSTILE),
        replace(REPLIED, text=HOSTILE),
        replace(RESOLVED, resolution=HOSTILE),
        with_requester(ASSIGNED, name=HOSTILE),
        replace(ESCALATED, reason=HOSTILE),
    ],
)
def test_what_strangers_typed_stays_text_in_html(data: Any, head: Letterhead) -> None:
    _, text, html = written(data, head)
    escaped = "&lt;img src=x onerror=alert(1)&gt;&amp;&#34;&#39;{{ 7*7 }}&lt;/blockquote&gt;"
    assert escaped in html
    assert "<img" not in html
    assert HOSTILE in text


def test_a_subject_stays_on_its_line(head: Letterhead) -> None:
    hostile = "Fire\r\nBcc: all@customer.example\x00\u2028\x85\u202egnp.exe"
    subject, text, _ = written(with_ticket(CREATED, subject=hostile), head)
    assert subject == "We have your request: Fire Bcc: all@customer.example gnp.exe [#100001]"
    assert "Ticket 100001: Fire Bcc: all@customer.example gnp.exe\n" in text
