"""A ticket moves to another department. An agent who belongs there too keeps it; another one loses it."""

from datetime import datetime

from services.assignment.domain.assignment import ASSIGNED
from services.assignment.domain.refusals import AlreadyInDepartment
from services.assignment.handlers import announcing
from services.assignment.handlers.acting import actor
from services.assignment.handlers.answering import answered, open_assignment
from services.assignment.handlers.hand_over import changes, decided
from services.assignment.roster_repository import AGENTS, DEPARTMENTS
from shared.access.may import Principal
from shared.refusals import NotFound
from shared.store.documents import Announcement, Changes, Documents


def transfer_ticket(
    ticket_id: str, department_id: str, reason: str, who: Principal, documents: Documents, now: datetime
) -> Changes:
    by, before = actor(who), open_assignment(documents, ticket_id)
    if documents.get(DEPARTMENTS, department_id) is None:
        raise NotFound(f"There is no department {department_id}.")
    if department_id == before.department_id:
        raise AlreadyInDepartment(f"Ticket {before.ticket.number} is in {department_id} already.")
    agent = documents.get(AGENTS, before.agent_id) if before.state == ASSIGNED and before.agent_id else None
    keeps = agent is not None and department_id in agent["departments"]
    decision = decided(before, "transferred", before.agent_id if keeps else None, by, reason, now)
    base, events = before, list[Announcement]()
    if before.state == ASSIGNED and not keeps:
        base, lost = announcing.released(documents, before, before.taken_back(now), by, reason, now)
        events.append(lost)
    since = base.since if keeps else now
    after = base.moved_to(department_id, since).but(decision_id=decision.id)
    after, moved = announcing.transferred(documents, before, after, by, reason, now)
    return answered(before, changes(after, decision, [*events, moved]))
