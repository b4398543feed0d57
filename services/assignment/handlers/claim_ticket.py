"""An agent takes a ticket that waits."""

from datetime import datetime

from services.assignment.domain.assignment import ASSIGNED, AlreadyAssigned
from services.assignment.handlers.acting import Caller, acting_agent, actor, taker
from services.assignment.handlers.answering import answered, open_assignment
from services.assignment.handlers.hand_over import give
from shared.store.documents import Changes, Documents


def claim_ticket(ticket_id: str, caller: Caller, documents: Documents, now: datetime) -> Changes:
    agent = taker(documents, acting_agent(documents, caller)["_id"])
    assignment = open_assignment(documents, ticket_id)
    if assignment.state == ASSIGNED:
        if assignment.agent_id == agent["_id"]:
            return answered(assignment)
        detail = f"{assignment.agent_id} has ticket {assignment.ticket.number}: assign it to take it over."
        raise AlreadyAssigned(detail)
    return answered(assignment, give(documents, assignment, agent, "claimed", actor(documents, caller), now))
