"""Who has a ticket, and why."""

from typing import Any
from uuid import UUID

from flask import Response
from pymongo.database import Database

from services.assignment.answer_schemas import DecisionShownSchema, ExplainedAssignmentSchema
from services.assignment.assignment_repository import ASSIGNMENTS, from_document, reach
from services.assignment.handlers.answering import shown
from services.assignment.handlers.hand_over import DECISIONS
from shared.http.answers import answer
from shared.http.contract import ETAG, Routes
from shared.http.door import must_reach, principal
from shared.refusals import NotFound
from shared.store.documents import Document


def assignment_routes(database: Database[Document]) -> Routes:
    routes = Routes("assignments", __name__, url_prefix="/v1", description="Who has a ticket, and why.")

    @routes.get("/assignments/<uuid:ticket_id>")
    @routes.needs("ticket.view")
    @routes.response(200, ExplainedAssignmentSchema, headers=ETAG)
    @routes.refuses(404)
    def get_assignment(ticket_id: UUID) -> Response:
        """Who has a ticket, and why."""
        found = _within_reach(str(ticket_id))
        why = database[DECISIONS].find_one({"_id": found["decision_id"]}) if found["decision_id"] else None
        return answer({**shown(from_document(found)), "why": why and _decision(why)})

    @routes.get("/decisions/<uuid:decision_id>")
    @routes.needs("ticket.view")
    @routes.response(200, DecisionShownSchema)
    @routes.refuses(404)
    def get_decision(decision_id: UUID) -> Response:
        """The record of a decision, as it was taken."""
        found = database[DECISIONS].find_one({"_id": str(decision_id)})
        if found is None:
            raise NotFound("There is no such decision.")
        _within_reach(found["ticket_id"])
        return answer(_decision(found))

    def _within_reach(ticket_id: str) -> Document:
        found = database[ASSIGNMENTS].find_one({"_id": ticket_id})
        if found is None or principal().kind == "requester":
            raise NotFound("There is no ticket with this id.")
        must_reach(reach(found))
        return found

    return routes


def _decision(row: Document) -> dict[str, Any]:
    return {"id": row["_id"], **{name: value for name, value in row.items() if name != "_id"}}
