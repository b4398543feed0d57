"""Tickets come, are given to somebody, wait, come back: on a real store, batch by batch."""

from dataclasses import replace
from functools import partial

import pytest

from services.assignment.domain.refusals import AgentNotAvailable, AlreadyAssigned, NotAssigned, TicketIsDone
from services.assignment.handlers.assign_ticket import assign_ticket
from services.assignment.handlers.change_agent import change_agent, change_availability
from services.assignment.handlers.claim_ticket import claim_ticket
from services.assignment.handlers.release_ticket import release_ticket
from services.assignment.handlers.transfer_ticket import transfer_ticket
from services.assignment.seed import SETUP as A_KEY
from shared.events.sla import TicketEscalated
from shared.events.ticket import Department
from shared.identifiers import new_id
from shared.refusals import Invalid, NotFound
from tests.integration.assignment.desk import Desk, by
from tests.unit.assignment.cast import (
    NINE,
    TICKET,
    created,
    event,
    minutes,
    reopened,
    replied,
    resolved,
    ticket,
    triaged,
)

NETWORK = TICKET.id


def off_duty(desk: Desk, *agents: str) -> None:
    for agent_id in agents:
        desk.order(partial(change_availability, agent_id, False))


def test_a_new_ticket_is_given_to_somebody_with_the_skill_and_the_record_says_why(desk: Desk) -> None:
    told = created(1)
    desk.hear(told)
    assert desk.holder(NETWORK) == "cleo"
    [assigned] = desk.log(NETWORK)
    assert assigned.type == "ticket.assigned"
    assert (assigned.data.rule, assigned.data.agent.address) == ("allocated", "cleo@desk.example")
    assert assigned.data.department.manager.id == "dana"
    assert (assigned.correlation_id, assigned.causation_id) == (told.correlation_id, told.id)
    [decision] = desk.database.decisions.find({"ticket_id": NETWORK})
    assert decision["_id"] == assigned.data.decision_id
    assert (decision["candidates"], decision["excluded"], decision["tie_break"]) == ({"cleo": 0, "dana": 0}, {}, "id")
    assert decision["known"] == {"intake": 1, "sla": 0}
    assert decision["roster_version"] == 3  # made with 1, raised by Cleo's coming and by Dana's
    assert desk.loads() == {"cleo": 1}


def test_a_batch_is_spread_over_the_department(desk: Desk) -> None:
    desk.hear(*[created(1, ticket(n, topic="access")) for n in range(1, 7)])
    assert desk.loads() == {"ben": 2, "cleo": 2, "erik": 2} == desk.counted()


def test_an_unknown_topic_goes_to_the_fallback_department(desk: Desk) -> None:
    desk.hear(created(1, ticket(1, topic="coffee")))
    assert desk.assignment(ticket(1).id)["department_id"] == "support"


def test_a_ticket_that_nobody_can_take_waits_is_told_once_and_is_given_as_soon_as_somebody_is_back(desk: Desk) -> None:
    off_duty(desk, "cleo", "dana")
    desk.hear(created(1))
    desk.hear(created(1, ticket(2, priority="high")), triaged(2, impact="high"))
    assert desk.announced(NETWORK) == ["ticket.waiting"]
    assert desk.log(NETWORK)[0].data.excluded == {"unavailable": 2}
    desk.order(partial(change_agent, "dana", {"available": True, "capacity": 1}, A_KEY))
    desk.hear_itself()
    assert (desk.holder(ticket(2).id), desk.holder(NETWORK)) == ("dana", None)
    desk.hear(resolved(2, ticket(2)))
    assert desk.holder(NETWORK) == "dana"
    assert desk.announced(NETWORK) == ["ticket.waiting", "ticket.assigned"]
    assert desk.loads() == {"dana": 1} == desk.counted()


def test_tickets_that_nobody_free_can_take_do_not_hide_those_behind_them(desk: Desk) -> None:
    off_duty(desk, "ben", "cleo", "dana", "erik")
    desk.hear(*[created(1, ticket(n, priority="high")) for n in range(1, 6)], created(1, ticket(9, topic="hardware")))
    desk.order(partial(change_agent, "dana", {"available": True, "capacity": 1, "skills": []}, A_KEY))
    desk.hear_itself()
    assert desk.holder(ticket(9).id) == "dana"


def test_the_sweep_takes_what_was_left_over(desk: Desk) -> None:
    off_duty(desk, "cleo", "dana")
    desk.hear(created(1))
    desk.order(partial(change_agent, "dana", {"available": True}, A_KEY))
    desk.sweep()
    assert desk.holder(NETWORK) == "dana"


def test_a_sweep_that_fails_is_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    off_duty(desk, "cleo", "dana")
    desk.hear(created(1))
    desk.database.assignments.update_one({"_id": NETWORK}, {"$unset": {"skills": ""}})
    desk.order(partial(change_availability, "dana", True))
    desk.sweep()
    [logged] = [record for record in caplog.records if record.name == "services.assignment.sweep"]
    assert (logged.levelname, logged.message) == ("ERROR", "the sweep could not look at the queue")
    assert "KeyError: 'skills'" in caplog.text


def test_a_disabled_manager_is_named_no_more(desk: Desk) -> None:
    desk.order(partial(change_agent, "dana", {"active": False}, A_KEY))
    desk.hear(created(1))
    assert desk.log(NETWORK)[-1].data.department == Department("infrastructure", "Infrastructure", None)


def test_who_answers_an_unassigned_ticket_has_it_even_from_another_department(desk: Desk) -> None:
    off_duty(desk, "cleo", "dana")
    desk.hear(created(1))
    desk.hear(replied(2))
    assert desk.holder(NETWORK) == "ben"
    assert [e.data.rule for e in desk.log(NETWORK) if e.type == "ticket.assigned"] == ["claimed_by_reply"]


def test_a_reply_takes_the_ticket_from_nobody(desk: Desk) -> None:
    desk.hear(created(1), replied(2))  # in one batch: the reply comes before the policy
    assert desk.holder(NETWORK) == "ben"
    desk.hear(created(1, ticket(2)))
    desk.hear(replied(2, ticket=ticket(2)))
    assert desk.holder(ticket(2).id) == "cleo"


def test_an_end_frees_the_load_and_a_reopening_brings_the_ticket_back_to_its_agent(desk: Desk) -> None:
    desk.hear(created(1))
    desk.hear(resolved(2))
    assert (desk.assignment(NETWORK)["state"], desk.loads()) == ("done", {})
    desk.hear(reopened(3))
    assert (desk.holder(NETWORK), desk.loads()) == ("cleo", {"cleo": 1})
    first, again = desk.log(NETWORK)
    assert first.data.waited_seconds > 0  # since nine, on the desk's own clock
    assert (again.data.rule, again.data.waited_seconds) == ("reopened", 0.0)


def test_a_reopened_ticket_of_an_absent_agent_goes_to_somebody_else(desk: Desk) -> None:
    desk.hear(created(1))
    desk.hear(resolved(2))
    off_duty(desk, "cleo")
    desk.hear(reopened(3))
    assert (desk.holder(NETWORK), desk.loads()) == ("dana", {"dana": 1})
    assert desk.announced(NETWORK) == ["ticket.assigned", "ticket.released", "ticket.assigned"]


def test_another_topic_routes_a_waiting_ticket_anew(desk: Desk) -> None:
    off_duty(desk, "cleo", "dana")
    desk.hear(created(1))
    desk.hear(triaged(2, topic="billing"))
    assert (desk.assignment(NETWORK)["department_id"], desk.holder(NETWORK)) == ("support", "ben")


def test_another_topic_of_a_resolved_ticket_counts_when_it_is_reopened_and_comes_to_wait(desk: Desk) -> None:
    desk.hear(created(1))
    desk.hear(resolved(2))
    desk.hear(triaged(3, topic="billing", status="resolved"))
    assert (desk.assignment(NETWORK)["department_id"], desk.announced(NETWORK)) == (
        "infrastructure",
        ["ticket.assigned"],
    )
    off_duty(desk, "cleo")
    desk.hear(reopened(4, topic="billing"))
    assert (desk.assignment(NETWORK)["department_id"], desk.holder(NETWORK)) == ("support", "ben")
    _, released, assigned = desk.log(NETWORK)
    assert (released.type, assigned.type) == ("ticket.released", "ticket.assigned")
    assert (released.data.department.id, assigned.data.department.id) == ("support", "support")


def test_a_reopened_ticket_of_another_topic_goes_back_to_its_agent_where_he_had_it(desk: Desk) -> None:
    desk.hear(created(1))
    desk.hear(resolved(2))
    desk.hear(triaged(3, topic="billing", status="resolved"), reopened(4, topic="billing"))
    assert (desk.assignment(NETWORK)["department_id"], desk.holder(NETWORK)) == ("infrastructure", "cleo")
    assert desk.log(NETWORK)[-1].data.department.id == "infrastructure"


def test_an_escalation_puts_a_ticket_before_others(desk: Desk) -> None:
    off_duty(desk, "cleo", "dana")
    desk.hear(created(1, ticket(1, priority="high")), created(1, ticket(2)))
    raised = TicketEscalated(ticket(2), "resolution", 1, "emergency", "due in 5 minutes")
    desk.hear(event(1, raised, NINE + minutes(30)))
    desk.order(partial(change_agent, "dana", {"available": True, "capacity": 1}, A_KEY))
    desk.hear_itself()
    assert (desk.holder(ticket(2).id), desk.holder(ticket(1).id)) == ("dana", None)


def test_a_released_ticket_goes_to_somebody_else_and_never_back_by_itself(desk: Desk) -> None:
    desk.hear(created(1))
    answer = desk.order(partial(release_ticket, NETWORK, "I am off to lunch", by("cleo")))
    assert (answer["state"], answer["version"], desk.loads()) == ("waiting", 2, {})
    desk.hear_itself()
    assert desk.holder(NETWORK) == "dana"
    desk.order(partial(release_ticket, NETWORK, "me too", by("dana")))
    desk.hear_itself()
    assert desk.announced(NETWORK)[-1] == "ticket.waiting"
    assert desk.log(NETWORK)[-1].data.excluded == {"released_it": 2}
    released = next(e for e in reversed(desk.log(NETWORK)) if e.type == "ticket.released")
    assert desk.log(NETWORK)[-1].causation_id == released.id


def test_what_follows_a_release_a_transfer_and_an_escalation_is_in_their_trace(desk: Desk) -> None:
    desk.hear(created(1), created(1, ticket(2)))  # Cleo's, and Dana's
    desk.order(partial(release_ticket, NETWORK, "I am off to lunch", by("cleo")))
    desk.order(partial(transfer_ticket, ticket(2).id, "support", "it is about a bill", by("dana")))
    desk.hear_itself()
    off_duty(desk, "cleo", "dana")
    raised = TicketEscalated(ticket(3), "resolution", 1, "emergency", "due in 5 minutes")
    told = replace(event(1, raised), traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    desk.hear(told)
    for cause, effect in (desk.log(NETWORK)[-2:], desk.log(ticket(2).id)[-2:], (told, desk.log(ticket(3).id)[-1])):
        assert effect.causation_id == cause.id
        assert (effect.traceparent or "")[:35] == (cause.traceparent or "")[:35]


def test_a_person_may_assign_beyond_department_and_capacity_but_not_to_somebody_absent(desk: Desk) -> None:
    desk.hear(created(1))
    desk.order(partial(change_agent, "ben", {"capacity": 0}, A_KEY))
    desk.database.assignments.update_one({"_id": NETWORK}, {"$set": {"since": NINE}, "$inc": {"revision": 1}})
    answer = desk.order(partial(assign_ticket, NETWORK, "ben", "knows the building", by("dana")))
    assert (answer["agent_id"], desk.loads()) == ("ben", {"ben": 1})
    assert desk.announced(NETWORK) == ["ticket.assigned", "ticket.released", "ticket.assigned"]
    gained = desk.log(NETWORK)[-1].data
    assert (gained.previous_agent_id, gained.waited_seconds) == ("cleo", 0.0)
    off_duty(desk, "erik")
    with pytest.raises(AgentNotAvailable):
        desk.order(partial(assign_ticket, NETWORK, "erik", "his turn", A_KEY))


def test_a_transfer_drops_who_does_not_belong_and_keeps_who_does(desk: Desk) -> None:
    desk.hear(created(1), created(1, ticket(2)))
    assert (desk.holder(NETWORK), desk.holder(ticket(2).id)) == ("cleo", "dana")
    for n in (NETWORK, ticket(2).id):
        desk.order(partial(transfer_ticket, n, "support", "it is about a bill", by("dana")))
    desk.hear_itself()
    assert desk.announced(NETWORK) == ["ticket.assigned", "ticket.transferred"]
    assert desk.log(NETWORK)[-1].data.agent.address == "cleo@desk.example"
    assert desk.announced(ticket(2).id)[:3] == ["ticket.assigned", "ticket.released", "ticket.transferred"]
    assert desk.log(ticket(2).id)[2].data.agent is None
    assert desk.loads() == {"cleo": 2} == desk.counted()  # of support, only she has the skill network


def test_orders_that_make_no_sense_are_refused_by_name(desk: Desk) -> None:
    off_duty(desk, "cleo", "dana")
    desk.hear(created(1), created(1, ticket(2)))
    desk.hear(resolved(2, ticket(2)))
    with pytest.raises(NotAssigned):
        desk.order(partial(release_ticket, NETWORK, "why not", by("ben")))
    with pytest.raises(TicketIsDone):
        desk.order(partial(claim_ticket, ticket(2).id, by("ben")))
    with pytest.raises(NotFound):
        desk.order(partial(claim_ticket, new_id(), by("ben")))
    with pytest.raises(Invalid, match="Only an agent"):
        desk.order(partial(claim_ticket, NETWORK, A_KEY))
    desk.order(partial(claim_ticket, NETWORK, by("ben")))
    with pytest.raises(AlreadyAssigned):
        desk.order(partial(claim_ticket, NETWORK, by("erik")))
