"""What a ticket's assignment makes of the facts it hears."""

from dataclasses import replace

import pytest

from services.assignment.domain.assignment import Assignment, Escalation, Heard, Route, first_heard
from services.assignment.domain.refusals import TicketIsDone
from tests.unit.assignment.cast import NINE, TICKET, minutes

INFRASTRUCTURE, SUPPORT = Route("infrastructure", ("network",)), Route("support")
HEARD = Heard("chain", "event")


def waiting() -> Assignment:
    return first_heard(TICKET, 2, NINE + minutes(1), INFRASTRUCTURE, HEARD)


def test_an_unknown_ticket_has_waited_since_it_was_created() -> None:
    assert (waiting().state, waiting().since, waiting().department_id) == ("waiting", NINE, "infrastructure")


def test_only_a_ticket_that_waits_has_waited() -> None:
    now = NINE + minutes(60)
    cleos = waiting().given_to("cleo", "d1", NINE + minutes(2))
    done = cleos.hear(replace(TICKET, status="resolved"), 3, NINE + minutes(30), INFRASTRUCTURE)
    assert waiting().waited_seconds(now) == 3600.0
    assert (cleos.waited_seconds(now), done.waited_seconds(now)) == (0.0, 0.0)
    assert done.waiting_again(NINE + minutes(40)).waited_seconds(now) == 1200.0
    assert cleos.taken_back(NINE + minutes(50)).moved_to("support", NINE + minutes(55)).waited_seconds(now) == 300.0


def test_a_wait_is_never_less_than_nothing_whatever_the_clocks_say() -> None:
    assert waiting().waited_seconds(NINE - minutes(1)) == 0.0


def test_an_unknown_ticket_that_is_over_is_done() -> None:
    closed = first_heard(replace(TICKET, status="closed"), 9, NINE + minutes(9), INFRASTRUCTURE, HEARD)
    assert (closed.state, closed.agent_id) == ("done", None)
    with pytest.raises(TicketIsDone):
        closed.must_be_open()


def test_a_stale_word_overwrites_nothing() -> None:
    before = waiting()
    assert before.hear(replace(TICKET, topic="billing"), 2, NINE + minutes(5), SUPPORT) is before


def test_another_topic_routes_a_waiting_ticket_but_leaves_an_assigned_one_where_it_is() -> None:
    billing = replace(TICKET, topic="billing")
    moved = waiting().but(released_by=("cleo",)).hear(billing, 3, NINE + minutes(5), SUPPORT)
    assert (moved.department_id, moved.skills, moved.since) == ("support", (), NINE + minutes(5))
    assert moved.released_by == ()
    kept = waiting().given_to("cleo", "d1", NINE + minutes(2)).hear(billing, 3, NINE + minutes(5), SUPPORT)
    assert (kept.department_id, kept.agent_id, kept.skills) == ("infrastructure", "cleo", ())


def test_another_topic_leaves_a_done_ticket_where_it_is_until_it_comes_to_wait_again() -> None:
    cleos = waiting().given_to("cleo", "d1", NINE + minutes(2))
    resolved, billing = replace(TICKET, status="resolved"), replace(TICKET, topic="billing", status="resolved")
    ways = [
        cleos.hear(resolved, 3, NINE + minutes(30), INFRASTRUCTURE).hear(billing, 4, NINE + minutes(31), SUPPORT),
        cleos.hear(billing, 4, NINE + minutes(31), SUPPORT),
    ]
    for done in ways:
        assert (done.state, done.department_id, done.agent_id) == ("done", "infrastructure", "cleo")
        again = done.waiting_again(NINE + minutes(40))
        assert (again.state, again.department_id, again.agent_id) == ("waiting", "support", None)
        assert again.since == NINE + minutes(40)


def test_a_later_transfer_counts_more_than_an_earlier_topic() -> None:
    cleos = waiting().given_to("cleo", "d1", NINE + minutes(2))
    billing = cleos.hear(replace(TICKET, topic="billing"), 3, NINE + minutes(5), SUPPORT)
    moved = billing.moved_to("security", NINE + minutes(6))
    assert moved.waiting_again(NINE + minutes(40)).department_id == "security"


def test_an_end_keeps_who_had_it_so_that_a_reopened_ticket_finds_him() -> None:
    cleos = waiting().given_to("cleo", "d1", NINE + minutes(2))
    done = cleos.hear(replace(TICKET, status="resolved"), 3, NINE + minutes(30), INFRASTRUCTURE)
    assert (done.state, done.agent_id, done.is_reopened) == ("done", "cleo", False)
    back = done.hear(replace(TICKET, status="open"), 4, NINE + minutes(40), INFRASTRUCTURE)
    assert back.is_reopened


def test_the_hold_keeps_the_ticket_with_its_agent() -> None:
    cleos = waiting().given_to("cleo", "d1", NINE + minutes(2))
    held = cleos.hear(replace(TICKET, status="on_hold"), 3, NINE + minutes(30), INFRASTRUCTURE)
    assert (held.state, held.agent_id) == ("assigned", "cleo")


def test_the_later_word_on_priority_counts() -> None:
    raised = waiting().but(escalation=Escalation("high", 1, NINE + minutes(5)))
    assert raised.priority == "high"
    lowered = raised.hear(replace(TICKET, priority="low"), 3, NINE + minutes(6), INFRASTRUCTURE)
    assert lowered.priority == "low"


def test_an_escalation_never_lowers_a_priority() -> None:
    urgent = first_heard(replace(TICKET, priority="emergency"), 2, NINE + minutes(1), INFRASTRUCTURE, HEARD)
    assert urgent.but(escalation=Escalation("high", 1, NINE + minutes(5))).priority == "emergency"


def test_the_time_of_announcements_never_goes_backwards() -> None:
    spoken = waiting().spoken(NINE + minutes(5)).spoken(NINE + minutes(4))
    assert (spoken.version, spoken.time) == (2, NINE + minutes(5))
