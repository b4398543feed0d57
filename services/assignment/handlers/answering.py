"""What a command on a ticket begins with and answers: the assignment as it stands."""

from typing import Any

from services.assignment.assignment_repository import ASSIGNMENTS, from_document, load
from services.assignment.domain.assignment import ASSIGNED, Assignment
from shared.refusals import NotFound
from shared.store.documents import Changes, Documents


def open_assignment(documents: Documents, ticket_id: str) -> Assignment:
    assignment = load(documents, ticket_id)
    if assignment is None:
        raise NotFound("No such ticket has come to assignment yet.")
    assignment.must_be_open()
    return assignment


def answered(before: Assignment, changes: Changes | None = None) -> Changes:
    """The changes with the ticket's new state as their answer."""
    if changes is None:
        return Changes(answer=shown(before))
    [document] = [document for collection, document in changes.documents if collection == ASSIGNMENTS]
    return changes + Changes(answer=shown(from_document(document)))


def shown(assignment: Assignment) -> dict[str, Any]:
    return {
        "ticket_id": assignment.id,
        "ticket_number": assignment.ticket.number,
        "version": assignment.version,
        "state": assignment.state,
        "department_id": assignment.department_id,
        "agent_id": assignment.agent_id if assignment.state == ASSIGNED else None,
        "last_agent_id": assignment.agent_id,
        "since": assignment.since,
        "skills": list(assignment.skills),
        "priority": assignment.priority,
        "decision_id": assignment.decision_id,
    }
