"""An agent takes a ticket that waits."""

from datetime import datetime

from services.assignment.domain.assignment import ASSIGNED
from services.assignment.domain.refusals import AlreadyAssigned
from services.assignment.handlers.acting import actor, taker
from services.assignment.handlers.answering import answered, open_assignment
from services.assignment.handlers.hand_over import give
from shared.access.doorkeeper import ON_BEHALF_OF
from shared.access.may import Principal
from shared.refusals import Invalid, Reason
from shared.store.documents import Changes, Documents


def claim_ticket(ticket_id: str, who: Principal, documents: Documents, now: datetime) -> Changes:
    if who.kind != "agent":
        reason = Reason(ON_BEHALF_OF, "must name the agent who claims", "Send the header with the agent's id.")
        raise Invalid("Only an agent can claim a ticket.", (reason,))
    agent = taker(documents, who.id, "say that you are there (PATCH /v1/me), and claim it then")
    assignment = open_assignment(documents, ticket_id)
    if assignment.state == ASSIGNED:
        if assignment.agent_id == agent["_id"]:
            return answered(assignment)
        detail = f"{assignment.agent_id} has ticket {assignment.ticket.number}: assign it to take it over."
        raise AlreadyAssigned(detail)
    return answered(assignment, give(documents, assignment, agent, "claimed", actor(who), now))
