"""Who is told what: the table of rules, by example."""

from dataclasses import replace
from typing import Any

import pytest

from services.notify.domain.rules import RULES, RULES_OF
from services.notify.subscriptions import QUEUES
from tests.unit.notify.cast import (
    ACCESS_REQUESTED,
    ASSIGNED,
    BEN,
    BEN_ACTS,
    BREACHED,
    CREATED,
    DANA,
    ESCALATED,
    INFRASTRUCTURE,
    INVITED,
    REPLIED,
    RESOLVED,
    WARNED,
    event,
    with_requester,
)

NO_MANAGER = replace(INFRASTRUCTURE, manager=None)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (CREATED, [("ticket_received", "ana@customer.example")]),
        (replace(CREATED, automatic=True), []),
        (with_requester(CREATED, address=""), []),
        (REPLIED, [("agent_replied", "ana@customer.example")]),
        (RESOLVED, [("ticket_resolved", "ana@customer.example")]),
        (ASSIGNED, [("ticket_assigned", "ben@desk.example")]),
        (replace(ASSIGNED, actor=BEN_ACTS), []),
        (replace(ASSIGNED, actor=replace(BEN_ACTS, id="dana")), [("ticket_assigned", "ben@desk.example")]),
        (WARNED, [("target_warned", "ben@desk.example")]),
        (replace(WARNED, agent=None), [("target_warned", "dana@desk.example")]),
        (replace(WARNED, agent=None, department=NO_MANAGER), []),
        (replace(WARNED, agent=None, department=None), []),
        (BREACHED, [("target_breached", "ben@desk.example"), ("target_breached", "dana@desk.example")]),
        (replace(BREACHED, agent=None), [("target_breached", "dana@desk.example")]),
        (replace(BREACHED, agent=DANA), [("target_breached", "dana@desk.example")]),
        (replace(BREACHED, department=None), [("target_breached", "ben@desk.example")]),
        (ESCALATED, [("ticket_escalated", "dana@desk.example")]),
        (replace(ESCALATED, department=NO_MANAGER, agent=BEN), []),
        (INVITED, [("agent_invited", "ben@desk.example")]),
        (ACCESS_REQUESTED, [("access_requested", "ana@customer.example")]),
    ],
)
def test_an_event_tells_those_whom_its_rules_name(data: Any, told: list[tuple[str, str]]) -> None:
    rules = RULES_OF[event(data).type]
    assert [(rule.message, person.address) for rule in rules for person in rule.recipients(data)] == told


def test_notify_does_not_hear_of_internal_notes() -> None:
    heard = {event_type for queue in QUEUES for event_type in queue.types}
    assert heard == {
        "ticket.created",
        "ticket.agent_replied",
        "ticket.resolved",
        "ticket.assigned",
        "sla.warned",
        "sla.breached",
        "ticket.escalated",
        "agent.invited",
        "requester.access_requested",
        "agent.changed",
        "role.changed",
        "api_key.issued",
        "api_key.revoked",
    }


def test_machines_are_told_what_no_person_wrote() -> None:
    assert {rule.message: rule.auto_submitted for rule in RULES} == {
        "ticket_received": "auto-replied",
        "agent_replied": None,
        "ticket_resolved": "auto-generated",
        "ticket_assigned": "auto-generated",
        "target_warned": "auto-generated",
        "target_breached": "auto-generated",
        "ticket_escalated": "auto-generated",
        "agent_invited": "auto-generated",
        "access_requested": "auto-generated",
    }
