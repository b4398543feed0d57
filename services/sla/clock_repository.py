"""Clocks as documents: what is known of the ticket, the facts in order, and what follows from them.

_id             the ticket's id
version         how many events were announced of it, the last at `announced_at`
shown           intake and assignment: the last sequence heard of each; ticket: the best snapshot, and its event's
                traceparent, which a later judgement goes on with;
                assignment: the agent and the department to tell
facts           what happened, in intake's order
plan_id, plan_version, targets, is_open, next_due_at    what follows: the fold
told            what was told, in its order; the rows of `told` say when and on what knowledge
"""

from datetime import UTC, datetime
from typing import Any

from services.sla.domain.clock import Clock, Fact, Target, Threshold
from services.sla.domain.judgement import Told, next_moment
from services.sla.domain.plan import TARGETS, Plan
from services.sla.plan_repository import plan_of, version_of
from shared.access.may import Reach
from shared.events.ticket import Department, Person, Requester, TicketSnapshot
from shared.store.documents import Document, Documents

CLOCKS = "clocks"
TOLD = "told"


def due_before(moment: datetime) -> Document:
    """Names the type as the partial index does: without that, MongoDB walks through all the clocks there ever were."""
    return {"next_due_at": {"$lt": moment, "$type": "date"}}


def facts_of(document: Document) -> list[Fact]:
    present = severity_of(document)  # of facts and targets that were kept before their severity was
    return [
        Fact(row["sequence"], row["kind"], row["at"], row.get("severity", present), row["reason"])
        for row in document["facts"]
    ]


def targets_of(document: Document) -> list[Target]:
    """Empty for a clock that was never folded."""
    if not document["targets"]:
        return []
    return [_target(name, document["targets"][name], severity_of(document)) for name in TARGETS]


def told_of(document: Document) -> list[Told]:
    return [_told(row) for row in document["told"]]


def severity_of(document: Document) -> str:
    return str(document["shown"]["ticket"]["snapshot"]["severity"])


def with_clock(document: Document, clock: Clock) -> Document:
    """The document with what follows from the facts."""
    return {
        **document,
        "targets": {target.name: _row(target) for target in clock.targets},
        "is_open": clock.is_open,
        "next_due_at": next_moment(clock.targets, told_of(document)),
    }


def promised(document: Document, documents: Documents) -> dict[str, Plan]:
    """The plan that each target was promised by; a clock that was never folded, by its own."""
    versions = {name: document["targets"].get(name, document)["plan_version"] for name in TARGETS}
    return {name: plan_of(version_of(document["plan_id"], version, documents)) for name, version in versions.items()}


def snapshot_of(document: Document) -> TicketSnapshot:
    row = document["shown"]["ticket"]["snapshot"]
    return TicketSnapshot(**{**row, "requester": Requester(**row["requester"]), "tags": tuple(row["tags"])})


def snapshot_row(ticket: TicketSnapshot) -> Document:
    row: Document = dict(vars(ticket))
    row["requester"] = dict(vars(ticket.requester))
    row["tags"] = list(ticket.tags)
    return row


def people_to_tell(document: Document) -> tuple[Person | None, Department | None]:
    """The agent responsible and the department, as assignment last named them."""
    shown = document["shown"].get("assignment", {})
    agent, department = shown.get("agent"), shown.get("department")
    manager = department and department["manager"]
    return (
        agent and Person(**agent),
        department and Department(department["id"], department["name"], manager and Person(**manager)),
    )


def reach_of(document: Document) -> Reach:
    """A clock is the desk's own matter: nobody reaches it as a requester."""
    agent, department = people_to_tell(document)
    return Reach(document["_id"], "", department.id if department else None, agent.id if agent else None)


def people_rows(agent: Person | None, department: Department) -> Document:
    manager = department.manager
    return {
        "agent": agent and dict(vars(agent)),
        "department": {"id": department.id, "name": department.name, "manager": manager and dict(vars(manager))},
    }


def _row(target: Target) -> Document:
    return {
        "severity": target.severity,
        "state": target.state,
        "due_at": target.due and target.due.at,
        "due_cycle": target.due and target.due.cycle,
        "warn_at": target.warn and target.warn.at,
        "warn_cycle": target.warn and target.warn.cycle,
        "stopped_at": target.stopped_at,
        "plan_version": target.plan_version,
    }


def _target(name: str, row: Document, present: str) -> Target:
    return Target(
        name,
        row.get("severity", present),
        row["state"],
        _threshold(row["due_at"], row["due_cycle"]),
        _threshold(row["warn_at"], row["warn_cycle"]),
        row["stopped_at"],
        row["plan_version"],
    )


def _told(row: Document | str) -> Told:
    """What was kept as target:threshold:cycle, without its moment, is told for good."""
    if isinstance(row, str):
        target, threshold, _ = row.split(":")
        return Told(target, threshold, datetime.max.replace(tzinfo=UTC))
    return Told(**row)


def _threshold(at: Any, cycle: Any) -> Threshold | None:
    return None if at is None else Threshold(at, cycle)
