"""The two ends of responsibility: an agent gets a ticket, or it goes back to waiting; both with their record."""

from datetime import datetime

from services.assignment.assignment_repository import stored
from services.assignment.domain.assignment import Assignment
from services.assignment.domain.decision import Decision, known
from services.assignment.handlers import announcing
from shared.events.ticket import Actor
from shared.identifiers import new_id
from shared.store.documents import Announcement, Changes, Document, Documents

DECISIONS = "decisions"


def give(
    documents: Documents,
    assignment: Assignment,
    agent: Document,
    rule: str,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> Changes:
    """A person's word or a plain rule made him responsible: no candidates were weighed."""
    decision = decided(assignment, rule, agent["_id"], actor, reason, now)
    after = assignment.given_to(agent["_id"], decision.id, now)
    after, announcement = announcing.assigned(documents, assignment, after, agent, decision, now)
    return changes(after, decision, [announcement])


def decided(
    assignment: Assignment, rule: str, agent_id: str | None, actor: Actor, reason: str, now: datetime
) -> Decision:
    return Decision(
        id=new_id(),
        ticket_id=assignment.id,
        at=now,
        rule=rule,
        actor=actor,
        department_id=assignment.department_id,
        agent_id=agent_id,
        known=known(assignment),
        reason=reason,
    )


def changes(after: Assignment, decision: Decision, events: list[Announcement]) -> Changes:
    return Changes(documents=[stored(after)], rows=[decision_row(decision)], events=events)


def decision_row(decision: Decision) -> tuple[str, Document]:
    row = {**vars(decision), "_id": decision.id, "actor": vars(decision.actor)}
    del row["id"]
    return DECISIONS, row
