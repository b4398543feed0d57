from collections.abc import Callable
from dataclasses import replace

import pytest

from services.intake.domain.refusals import (
    ReasonMissing,
    TicketIsClosed,
    TicketIsNotFinished,
    TicketIsNotOnHold,
    TicketIsNotResolved,
    TicketIsOnHold,
    TicketIsRated,
    TicketIsResolved,
)
from services.intake.domain.ticket import Ticket
from shared.refusals import Refusal
from tests.unit.intake.cast import ANA, ANA_HERSELF, BEN, NINE, a_ticket, minutes, told

Act = Callable[[Ticket], None]

ACTS: dict[str, Act] = {
    "put_on_hold": lambda t: t.put_on_hold("waits for a part", BEN, NINE),
    "resume": lambda t: t.resume("the part came", BEN, NINE),
    "resolve": lambda t: t.resolve("plugged in", BEN, NINE),
    "reopen": lambda t: t.reopen("it broke again", BEN, NINE),
    "close": lambda t: t.close("spam", BEN, NINE),
    "agent_reply": lambda t: t.take_agent_reply("e1", "Is it plugged in?", BEN, NINE),
    "requester_reply": lambda t: t.take_requester_reply("e1", "Yes", "http", ANA_HERSELF, NINE),
    "note": lambda t: t.take_note("e1", BEN, NINE),
}

ARROWS = [
    ("new", "put_on_hold", "on_hold", ["TicketPutOnHold"]),
    ("open", "put_on_hold", "on_hold", ["TicketPutOnHold"]),
    ("on_hold", "resume", "open", ["TicketResumed"]),
    ("new", "resolve", "resolved", ["TicketResolved"]),
    ("open", "resolve", "resolved", ["TicketResolved"]),
    ("on_hold", "resolve", "resolved", ["TicketResolved"]),
    ("resolved", "reopen", "open", ["TicketReopened"]),
    ("new", "close", "closed", ["TicketClosed"]),
    ("open", "close", "closed", ["TicketClosed"]),
    ("on_hold", "close", "closed", ["TicketClosed"]),
    ("resolved", "close", "closed", ["TicketClosed"]),
    ("new", "agent_reply", "open", ["TicketAgentReplied"]),
    ("open", "agent_reply", "open", ["TicketAgentReplied"]),
    ("on_hold", "agent_reply", "on_hold", ["TicketAgentReplied"]),
    ("resolved", "agent_reply", "resolved", ["TicketAgentReplied"]),
    ("new", "requester_reply", "new", ["TicketRequesterReplied"]),
    ("open", "requester_reply", "open", ["TicketRequesterReplied"]),
    ("on_hold", "requester_reply", "open", ["TicketRequesterReplied", "TicketResumed"]),
    ("resolved", "requester_reply", "open", ["TicketRequesterReplied", "TicketReopened"]),
    ("new", "note", "open", ["TicketNoteAdded"]),
    ("open", "note", "open", ["TicketNoteAdded"]),
    ("on_hold", "note", "on_hold", ["TicketNoteAdded"]),
    ("resolved", "note", "resolved", ["TicketNoteAdded"]),
    ("closed", "note", "closed", ["TicketNoteAdded"]),
]

REFUSED = [
    ("new", "resume", TicketIsNotOnHold),
    ("open", "resume", TicketIsNotOnHold),
    ("resolved", "resume", TicketIsNotOnHold),
    ("closed", "resume", TicketIsClosed),
    ("on_hold", "put_on_hold", TicketIsOnHold),
    ("resolved", "put_on_hold", TicketIsResolved),
    ("closed", "put_on_hold", TicketIsClosed),
    ("resolved", "resolve", TicketIsResolved),
    ("closed", "resolve", TicketIsClosed),
    ("new", "reopen", TicketIsNotResolved),
    ("open", "reopen", TicketIsNotResolved),
    ("on_hold", "reopen", TicketIsNotResolved),
    ("closed", "reopen", TicketIsClosed),
    ("closed", "close", TicketIsClosed),
    ("closed", "agent_reply", TicketIsClosed),
    ("closed", "requester_reply", TicketIsClosed),
]


@pytest.mark.parametrize(("before", "act", "after", "announced"), ARROWS)
def test_every_arrow_leads_where_the_language_says(before: str, act: str, after: str, announced: list[str]) -> None:
    ticket = a_ticket(status=before)
    ACTS[act](ticket)
    assert ticket.status == after
    assert told(ticket) == announced


@pytest.mark.parametrize(("before", "act", "refusal"), REFUSED)
def test_every_other_arrow_is_refused_by_name(before: str, act: str, refusal: type[Refusal]) -> None:
    ticket = a_ticket(status=before)
    with pytest.raises(refusal):
        ACTS[act](ticket)
    assert (ticket.status, ticket.version, ticket.news) == (before, 0, [])


def test_arrows_and_refusals_together_are_all_there_is() -> None:
    assert len(ARROWS) + len(REFUSED) == len(ACTS) * 5


def test_announcements_are_numbered_without_a_gap_and_show_the_new_state() -> None:
    ticket = a_ticket()
    ticket.arrive("e0", "It is dark", ANA_HERSELF, NINE)
    ticket.take_agent_reply("e1", "Is it plugged in?", BEN, minutes(5))
    ticket.resolve("plugged in", BEN, minutes(9))
    assert [news.sequence for news in ticket.news] == [1, 2, 3]
    assert [news.data.ticket.status for news in ticket.news] == ["new", "open", "resolved"]  # type: ignore[attr-defined]


def test_the_time_of_announcements_never_goes_backwards() -> None:
    ticket = a_ticket()
    ticket.take_note("e1", BEN, minutes(10))
    ticket.take_note("e2", BEN, minutes(3))
    assert [news.time for news in ticket.news] == [minutes(10), minutes(10)]


def test_an_unresolved_ticket_is_not_closed_without_a_reason() -> None:
    with pytest.raises(ReasonMissing):
        a_ticket(status="open").close("", BEN, NINE)
    resolved = a_ticket(status="resolved")
    resolved.close("", BEN, NINE)
    assert resolved.status == "closed"


@pytest.mark.parametrize("status", ["on_hold", "resolved"])
def test_a_machines_reply_wakes_nothing(status: str) -> None:
    ticket = a_ticket(status=status)
    ticket.take_requester_reply("e1", "I am away", "email", ANA_HERSELF, NINE, automatic=True, by_machine=True)
    assert ticket.status == status
    assert told(ticket) == ["TicketRequesterReplied"]


@pytest.mark.parametrize(("status", "awoken"), [("on_hold", "TicketResumed"), ("resolved", "TicketReopened")])
def test_a_persons_reply_wakes_though_no_machine_may_answer_it(status: str, awoken: str) -> None:
    ticket = a_ticket(status=status)
    ticket.take_requester_reply("e1", "Still dark", "email", ANA_HERSELF, NINE, automatic=True)
    assert ticket.status == "open"
    assert told(ticket) == ["TicketRequesterReplied", awoken]
    assert ticket.news[0].data.automatic is True  # type: ignore[attr-defined]


def test_our_answers_answer_the_requesters_latest_mail() -> None:
    ticket = a_ticket(mail_message_id="<first@customer.example>")
    ticket.take_requester_reply("e1", "Hello?", "email", ANA_HERSELF, NINE, mail_message_id="<second@customer.example>")
    ticket.take_agent_reply("e2", "Yes", BEN, NINE)
    assert ticket.news[-1].data.mail_message_id == "<second@customer.example>"  # type: ignore[attr-defined]


@pytest.mark.parametrize(("length", "is_cut"), [(16_000, False), (16_001, True)])
def test_a_text_too_long_for_an_event_is_announced_as_cut(length: int, is_cut: bool) -> None:
    ticket, text = a_ticket(), "x" * length
    ticket.arrive("e0", text, ANA_HERSELF, NINE)
    ticket.take_agent_reply("e1", text, BEN, NINE)
    ticket.take_requester_reply("e2", text, "http", ANA_HERSELF, NINE)
    said = [(news.data.text, news.data.is_cut) for news in ticket.news]  # type: ignore[attr-defined]
    assert said == [("x" * 16_000, is_cut)] * 3


def test_a_new_ticket_knows_its_severity_and_priority() -> None:
    ticket = a_ticket(impact="high", urgency="high")
    assert (ticket.severity, ticket.priority) == ("sev_a", "emergency")


def test_triage_judges_anew_and_priority_follows() -> None:
    ticket = a_ticket()
    ticket.triage("the whole floor is dark", BEN, NINE, impact="high")
    assert (ticket.severity, ticket.priority, ticket.triage_reason) == ("sev_a", "emergency", "the whole floor is dark")
    assert ticket.news[0].data.changed == ("impact", "priority", "severity")  # type: ignore[attr-defined]


def test_a_priority_that_was_set_no_longer_follows() -> None:
    ticket = a_ticket()
    ticket.triage("the director waits", BEN, NINE, priority="emergency")
    ticket.triage("one desk only", BEN, NINE, impact="low")
    assert (ticket.severity, ticket.priority) == ("sev_c", "emergency")


def test_triage_that_changes_nothing_says_nothing() -> None:
    ticket = a_ticket()
    ticket.triage("just looking", BEN, NINE, impact="medium")
    assert ticket.news == []


def test_a_priority_that_is_pinned_where_it_stands_is_news_once() -> None:
    ticket = a_ticket()
    ticket.triage("stays first", BEN, NINE, priority="high")
    ticket.triage("stays first, once more", BEN, NINE, priority="high")
    assert (ticket.is_priority_overridden, ticket.triage_reason, ticket.version) == (True, "stays first", 1)
    assert ticket.news[0].data.changed == ("priority",)  # type: ignore[attr-defined]


def test_a_requester_who_became_vip_counts_at_the_next_triage() -> None:
    ticket = a_ticket()
    ticket.triage("VIP now", BEN, NINE, requester=replace(ANA, vip=True))
    assert (ticket.severity, ticket.priority) == ("sev_a", "emergency")
    assert ticket.news[0].data.changed == ("requester", "priority", "severity")  # type: ignore[attr-defined]


def test_a_requester_who_has_another_name_is_news_at_the_next_triage() -> None:
    ticket = a_ticket()
    ticket.triage("she married", BEN, NINE, requester=replace(ANA, name="Ana Ruiz"))
    assert ticket.news[0].data.changed == ("requester",)  # type: ignore[attr-defined]
    assert ticket.snapshot().requester.name == "Ana Ruiz"


def test_an_edit_names_what_it_changed() -> None:
    ticket = a_ticket(tags=("floor-2",))
    ticket.edit(BEN, NINE, subject="No network on floor 2", tags=("floor-2",), custom_fields={"room": "204"})
    assert ticket.news[0].data.changed == ("subject", "custom_fields")  # type: ignore[attr-defined]


def test_a_ticket_is_rated_once_and_only_when_finished() -> None:
    with pytest.raises(TicketIsNotFinished):
        a_ticket(status="open").rate(5, "", ANA_HERSELF, NINE)
    ticket = a_ticket(status="resolved")
    ticket.rate(4, "quick", ANA_HERSELF, NINE)
    assert (ticket.rating, told(ticket)) == (4, ["TicketRated"])
    with pytest.raises(TicketIsRated):
        ticket.rate(1, "", ANA_HERSELF, NINE)
