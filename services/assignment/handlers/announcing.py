"""What assignment says of a ticket: each function returns the assignment one announcement further, and the event."""

from datetime import datetime

from services.assignment.domain.assignment import Assignment
from services.assignment.domain.decision import Decision
from services.assignment.handlers.show_requester import REQUESTERS, with_requester
from services.assignment.roster_repository import department, person
from shared.events.assignment import TicketAssigned, TicketReleased, TicketTransferred, TicketWaiting
from shared.events.ticket import Actor, TicketSnapshot
from shared.store.documents import Announcement, Document, Documents

Spoken = tuple[Assignment, Announcement]


def assigned(
    documents: Documents, before: Assignment, after: Assignment, agent: Document, decision: Decision, now: datetime
) -> Spoken:
    data = TicketAssigned(
        ticket=snapshot(documents, after),
        actor=decision.actor,
        agent=person(agent),
        department=department(documents, after.department_id),
        rule=decision.rule,
        decision_id=decision.id,
        waited_seconds=before.waited_seconds(now),
        previous_agent_id=before.agent_id,
        reason=decision.reason,
    )
    return _spoken(after, data, now)


def released(
    documents: Documents, before: Assignment, after: Assignment, actor: Actor, reason: str, now: datetime
) -> Spoken:
    data = TicketReleased(
        ticket=snapshot(documents, after),
        actor=actor,
        agent_id=before.agent_id or "",
        department=department(documents, after.department_id),
        reason=reason,
    )
    return _spoken(after, data, now)


def transferred(
    documents: Documents,
    before: Assignment,
    after: Assignment,
    keeper: Document | None,
    actor: Actor,
    reason: str,
    now: datetime,
) -> Spoken:
    data = TicketTransferred(
        ticket=snapshot(documents, after),
        actor=actor,
        department=department(documents, after.department_id),
        from_department_id=before.department_id,
        reason=reason,
        agent=person(keeper) if keeper else None,
    )
    return _spoken(after, data, now)


def waiting(documents: Documents, assignment: Assignment, decision: Decision, now: datetime) -> Spoken:
    data = TicketWaiting(
        ticket=snapshot(documents, assignment),
        department=department(documents, assignment.department_id),
        excluded={reason: len(agents) for reason, agents in decision.excluded.items()},
        decision_id=decision.id,
    )
    return _spoken(assignment, data, now)


def snapshot(documents: Documents, assignment: Assignment) -> TicketSnapshot:
    """The ticket as intake told it last, with its requester as he is by now."""
    known = documents.get(REQUESTERS, assignment.ticket.requester.id)
    return with_requester(assignment.ticket, assignment.ticket_time, known)


def _spoken(assignment: Assignment, data: object, now: datetime) -> Spoken:
    spoken = assignment.spoken(now)
    return spoken, Announcement(data, spoken.id, spoken.version, spoken.time or now)
