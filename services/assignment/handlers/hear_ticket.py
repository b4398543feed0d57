"""What intake says of a ticket: it waits, is routed by its topic, is over, or comes back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.assignment.assignment_repository import ASSIGNMENTS, load, stored
from services.assignment.domain.assignment import WAITING, Assignment, Heard, first_heard
from services.assignment.domain.decision import SYSTEM
from services.assignment.handlers import announcing
from services.assignment.handlers.hand_over import changes, decided, give
from services.assignment.handlers.show_requester import REQUESTERS
from services.assignment.roster_repository import AGENTS, ROUTES, route
from shared.events.envelope import Event
from shared.events.intake import TicketAgentReplied
from shared.store.documents import Changes, Documents, Key


def keys(event: Event[Any]) -> Sequence[Key]:
    ticket = event.data.ticket
    return [Key(ASSIGNMENTS, ticket.id), Key(ROUTES, ticket.topic), Key(REQUESTERS, ticket.requester.id)]


def reply_keys(event: Event[TicketAgentReplied]) -> Sequence[Key]:
    return [*keys(event), Key(AGENTS, event.data.actor.id)]


def hear_ticket(event: Event[Any], documents: Documents, now: datetime) -> Changes:
    before = load(documents, event.subject)
    after = _heard(before, event, documents)
    if after.is_reopened:
        return _reopen(after, documents, now)
    return Changes() if after is before else Changes(documents=[stored(after)])


def hear_agent_reply(event: Event[TicketAgentReplied], documents: Documents, now: datetime) -> Changes:
    """Who answers a ticket that nobody has, has it, of whatever department he is."""
    before = load(documents, event.subject)
    after = _heard(before, event, documents)
    if after.is_reopened:
        return _reopen(after, documents, now)
    actor = event.data.actor
    agent = documents.get(AGENTS, actor.id) if actor.kind == "agent" else None
    if agent and agent["active"] and after.state == WAITING and event.time >= after.since:
        return give(documents, after, agent, "claimed_by_reply", actor, now)
    return Changes() if after is before else Changes(documents=[stored(after)])


def _heard(before: Assignment | None, event: Event[Any], documents: Documents) -> Assignment:
    ticket, heard = event.data.ticket, Heard.of(event)
    way = route(documents, ticket.topic)
    if before is None:
        return first_heard(ticket, event.sequence, event.time, way, heard)
    after = before.hear(ticket, event.sequence, event.time, way)
    return after if after is before else after.but(heard=heard)


def _reopen(assignment: Assignment, documents: Documents, now: datetime) -> Changes:
    """It goes back to the agent who had it, where he had it, if he can be given tickets; else it waits."""
    agent = documents.get(AGENTS, assignment.agent_id) if assignment.agent_id else None
    if agent and agent["active"] and agent["available"]:
        return give(documents, assignment, agent, "reopened", SYSTEM, now)
    after = assignment.waiting_again(now)
    if agent is None:
        return Changes(documents=[stored(after)])
    reason = f"The ticket was reopened, and {agent['name']} is not available."
    decision = decided(after, "released", None, SYSTEM, reason, now)
    after = after.but(decision_id=decision.id)
    after, announcement = announcing.released(documents, assignment, after, SYSTEM, reason, now)
    return changes(after, decision, [announcement])
