"""The record of a decision: taken once, on what was known then, and never rewritten."""

from dataclasses import dataclass, field
from datetime import datetime

from services.assignment.domain.allocation import POLICY_VERSION, Verdict
from services.assignment.domain.assignment import Assignment
from shared.events.ticket import Actor

SYSTEM = Actor("system", "assignment", "Assignment")


@dataclass(frozen=True)
class Decision:
    """`rule`: allocated, nobody_could, claimed, assigned, claimed_by_reply, reopened, released or transferred.

    `department_id` and `agent_id`: who has the ticket by this decision.

    `known` has the sequences of what each source had said of the ticket. `roster_version` is that of the department,
    so `candidates` and `excluded` can be judged by who was in it then.
    """

    id: str
    ticket_id: str
    at: datetime
    rule: str
    actor: Actor
    department_id: str
    agent_id: str | None
    known: dict[str, int]
    reason: str = ""
    roster_version: int | None = None
    candidates: dict[str, int] = field(default_factory=dict)
    excluded: dict[str, list[str]] = field(default_factory=dict)
    tie_break: str | None = None
    policy_version: int = POLICY_VERSION


def by_policy(
    decision_id: str, assignment: Assignment, verdict: Verdict, roster_version: int, at: datetime
) -> Decision:
    return Decision(
        id=decision_id,
        ticket_id=assignment.id,
        at=at,
        rule="allocated" if verdict.agent_id else "nobody_could",
        actor=SYSTEM,
        department_id=assignment.department_id,
        agent_id=verdict.agent_id,
        known=known(assignment),
        roster_version=roster_version,
        candidates=verdict.candidates,
        excluded=verdict.excluded,
        tie_break=verdict.tie_break,
    )


def known(assignment: Assignment) -> dict[str, int]:
    escalation = assignment.escalation
    return {"intake": assignment.ticket_sequence, "sla": escalation.sequence if escalation else 0}
