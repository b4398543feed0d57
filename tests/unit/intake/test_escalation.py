"""An escalation is a floor under the priority that severity gives, until an agent says otherwise."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.refusals import TicketIsClosed
from services.intake.domain.severity import PRIORITIES, PRIORITY_OF
from services.intake.domain.ticket import Ticket
from shared.events.ticket import Actor
from tests.unit.intake.cast import BEN, NINE, a_ticket, told

Step = tuple[str, ...]

SLA = Actor("system", "sla", "sla")
LEVELS = st.sampled_from(["low", "medium", "high"])
ESCALATED = st.tuples(st.just("escalated"), st.sampled_from(PRIORITIES))
TRIAGED = st.tuples(st.just("triaged"), LEVELS, LEVELS)
SET = st.tuples(st.just("set"), st.sampled_from(PRIORITIES))


def take(ticket: Ticket, step: Step) -> None:
    match step:
        case ("escalated", priority):
            ticket.escalate(priority, "escalated: missed", SLA, NINE)
        case ("triaged", impact, urgency):
            ticket.triage("looked again", BEN, NINE, impact=impact, urgency=urgency)
        case ("set", priority):
            ticket.triage("my word", BEN, NINE, priority=priority)


def after(*steps: Step) -> Ticket:
    """A ticket that began with sev_d, priority low."""
    ticket = a_ticket(impact="low", urgency="low")
    for step in steps:
        take(ticket, step)
    return ticket


def test_an_escalation_raises_the_priority_and_is_announced_with_its_reason() -> None:
    ticket = after(("escalated", "normal"))
    assert (ticket.priority, ticket.severity, ticket.triage_reason) == ("normal", "sev_d", "escalated: missed")
    assert (ticket.escalated_to, ticket.is_priority_overridden) == ("normal", False)
    assert told(ticket) == ["TicketTriaged"]
    said = ticket.news[0].data
    assert (said.actor, said.reason, said.changed) == (SLA, "escalated: missed", ("priority",))  # type: ignore[attr-defined]
    assert said.ticket.priority == "normal"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("steps", "priority"),
    [
        ([("escalated", "normal"), ("triaged", "high", "high")], "emergency"),
        ([("escalated", "high"), ("triaged", "high", "high"), ("triaged", "low", "medium")], "high"),
        ([("escalated", "high"), ("escalated", "normal")], "high"),
        ([("escalated", "normal"), ("escalated", "high")], "high"),
        ([("set", "low"), ("escalated", "normal")], "normal"),
        ([("set", "low"), ("escalated", "normal"), ("triaged", "high", "high")], "normal"),
        ([("set", "emergency"), ("escalated", "normal")], "emergency"),
        ([("escalated", "high"), ("set", "low")], "low"),
        ([("escalated", "high"), ("set", "low"), ("triaged", "high", "high")], "low"),
        ([("escalated", "high"), ("set", "low"), ("escalated", "normal")], "normal"),
    ],
)
def test_the_more_urgent_counts_but_an_agent_has_the_last_word(steps: list[Step], priority: str) -> None:
    assert after(*steps).priority == priority


def test_an_escalation_to_less_is_no_news_but_holds_when_the_severity_falls() -> None:
    ticket = after(("triaged", "high", "high"), ("escalated", "high"))
    assert (ticket.priority, ticket.version, ticket.triage_reason) == ("emergency", 1, "looked again")
    take(ticket, ("triaged", "low", "low"))
    assert (ticket.severity, ticket.priority) == ("sev_d", "high")


def test_an_agent_who_confirms_an_escalation_makes_it_his_own_word_once() -> None:
    ticket = after(("set", "low"), ("escalated", "high"), ("set", "high"), ("set", "high"))
    assert (ticket.priority, ticket.escalated_to, ticket.version) == ("high", None, 3)


def test_a_closed_ticket_is_not_escalated() -> None:
    ticket = a_ticket(status="closed")
    before = deepcopy(ticket)
    with pytest.raises(TicketIsClosed):
        take(ticket, ("escalated", "emergency"))
    assert ticket == before


@given(st.lists(ESCALATED | TRIAGED | SET))
def test_an_escalated_ticket_is_never_less_urgent_than_without(steps: list[Step]) -> None:
    ticket, without = after(), after()
    for step in steps:
        before = PRIORITIES.index(ticket.priority)
        take(ticket, step)
        if step[0] == "escalated":
            assert PRIORITIES.index(ticket.priority) <= before
        else:
            take(without, step)
        assert PRIORITIES.index(ticket.priority) <= PRIORITIES.index(without.priority)


@given(st.lists(TRIAGED, min_size=1), st.sampled_from(PRIORITIES), st.data())
def test_it_does_not_matter_between_which_triages_an_escalation_comes(
    triages: list[Step], priority: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(triages)))
    ticket = after(*triages[:at], ("escalated", priority), *triages[at:])
    assert ticket.priority == min(PRIORITY_OF[ticket.severity], priority, key=PRIORITIES.index)
