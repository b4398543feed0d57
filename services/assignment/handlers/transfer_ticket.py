"""A ticket moves to another department. An agent who belongs there too keeps it; another one loses it."""

from datetime import datetime

from services.assignment.domain.assignment import ASSIGNED, Assignment
from services.assignment.domain.refusals import AlreadyInDepartment
from services.assignment.handlers import announcing
from services.assignment.handlers.acting import actor
from services.assignment.handlers.answering import answered, open_assignment
from services.assignment.handlers.hand_over import changes, decided
from services.assignment.roster_repository import AGENTS, DEPARTMENTS
from shared.access.may import Principal
from shared.refusals import Invalid, Reason
from shared.store.documents import Announcement, Changes, Document, Documents


def transfer_ticket(
    ticket_id: str, department_id: str, reason: str, who: Principal, documents: Documents, now: datetime
) -> Changes:
    by, before = actor(who), open_assignment(documents, ticket_id)
    if documents.get(DEPARTMENTS, department_id) is None:
        unknown = Reason("department_id", "must name a department", "See GET /v1/departments.")
        raise Invalid(f"There is no department {department_id}.", (unknown,))
    if department_id == before.department_id:
        raise AlreadyInDepartment(f"Ticket {before.ticket.number} is in {department_id} already.")
    keeper = _keeper(before, department_id, documents)
    base, events = before, list[Announcement]()
    if before.state == ASSIGNED and keeper is None:
        base, lost = announcing.released(documents, before, before.taken_back(now), by, reason, now)
        events.append(lost)
    moved = base.moved_to(department_id, base.since if keeper else now)
    decision = decided(moved, "transferred", moved.agent_id, by, reason, now)
    after, told = announcing.transferred(documents, before, moved.but(decision_id=decision.id), keeper, by, reason, now)
    return answered(before, changes(after, decision, [*events, told]))


def _keeper(assignment: Assignment, department_id: str, documents: Documents) -> Document | None:
    agent = documents.get(AGENTS, assignment.agent_id) if assignment.state == ASSIGNED and assignment.agent_id else None
    return agent if agent and department_id in agent["departments"] else None
