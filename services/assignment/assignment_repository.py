"""Assignments as documents. What others said lies under `shown`; `rank` and `needs` serve the index of the waiting."""

from typing import Any

from services.assignment.domain.allocation import URGENCY, WaitingTicket
from services.assignment.domain.assignment import Assignment, Escalation, Heard
from shared.access.may import Reach
from shared.events.ticket import Requester, TicketSnapshot
from shared.store.documents import Document, Documents

ASSIGNMENTS = "assignments"


def load(documents: Documents, ticket_id: str) -> Assignment | None:
    document = documents.get(ASSIGNMENTS, ticket_id)
    return None if document is None else from_document(document)


def stored(assignment: Assignment) -> tuple[str, Document]:
    """What `Changes.documents` takes."""
    return ASSIGNMENTS, to_document(assignment)


def to_document(assignment: Assignment) -> Document:
    ticket, escalation = assignment.ticket, assignment.escalation
    return {
        "_id": ticket.id,
        "version": assignment.version,
        "time": assignment.time,
        "state": assignment.state,
        "department_id": assignment.department_id,
        "needs": " ".join(assignment.skills),
        "rank": URGENCY[assignment.priority],
        "created_at": ticket.created_at,
        "agent_id": assignment.agent_id,
        "leads_to": assignment.leads_to,
        "since": assignment.since,
        "skills": list(assignment.skills),
        "released_by": list(assignment.released_by),
        "is_told": assignment.is_told,
        "counted_for": assignment.counted_for,
        "decision_id": assignment.decision_id,
        "heard": vars(assignment.heard),
        "shown": {
            "intake": {
                "sequence": assignment.ticket_sequence,
                "time": assignment.ticket_time,
                "ticket": {**vars(ticket), "requester": vars(ticket.requester)},
            },
            "sla": vars(escalation) if escalation else None,
        },
    }


def from_document(document: Document) -> Assignment:
    intake, sla = document["shown"]["intake"], document["shown"]["sla"]
    return Assignment(
        ticket=_ticket(intake["ticket"]),
        ticket_sequence=intake["sequence"],
        ticket_time=intake["time"],
        department_id=document["department_id"],
        skills=tuple(document["skills"]),
        since=document["since"],
        heard=Heard(**document["heard"]),
        state=document["state"],
        agent_id=document["agent_id"],
        leads_to=document.get("leads_to"),
        escalation=Escalation(**sla) if sla else None,
        released_by=tuple(document["released_by"]),
        is_told=document["is_told"],
        counted_for=document["counted_for"],
        decision_id=document["decision_id"],
        version=document["version"],
        time=document["time"],
    )


def reach(document: Document) -> Reach:
    """A ticket that is done is still within reach of who had it last."""
    requester = document["shown"]["intake"]["ticket"]["requester"]
    return Reach(document["_id"], requester["id"], document["department_id"], document["agent_id"])


def waiting_ticket(assignment: Assignment) -> WaitingTicket:
    return WaitingTicket(
        assignment.id,
        assignment.department_id,
        frozenset(assignment.skills),
        assignment.priority,
        assignment.ticket.created_at,
        frozenset(assignment.released_by),
    )


def _ticket(document: dict[str, Any]) -> TicketSnapshot:
    return TicketSnapshot(
        **{**document, "requester": Requester(**document["requester"]), "tags": tuple(document["tags"])}
    )
