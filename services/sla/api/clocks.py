"""When a ticket is due, and why."""

from uuid import UUID

from flask import Response
from pymongo import ASCENDING
from pymongo.database import Database

from services.sla.answer_schemas import ClockSchema
from services.sla.clock_repository import CLOCKS, TOLD, reach_of
from services.sla.clock_view import clock_view
from shared.http.answers import answer
from shared.http.contract import ETAG, Routes
from shared.http.door import must_reach
from shared.moments import utc_now
from shared.refusals import NotFound
from shared.store.documents import Document, Documents


def clock_routes(database: Database[Document]) -> Routes:
    routes = Routes("clocks", __name__, url_prefix="/v1/clocks", description="When tickets are due, and why.")

    @routes.get("/<uuid:ticket_id>")
    @routes.needs("ticket.view")
    @routes.response(200, ClockSchema, headers=ETAG)
    @routes.refuses(404)
    def clock(ticket_id: UUID) -> Response:
        """A ticket's clock: each deadline with the stretches of time that add up to it."""
        document = database[CLOCKS].find_one({"_id": str(ticket_id)})
        if document is None:
            raise NotFound("There is no ticket with this id.")
        must_reach(reach_of(document))
        told = list(database[TOLD].find({"ticket_id": document["_id"]}).sort("told_at", ASCENDING))
        return answer(clock_view(document, told, Documents(database), utc_now()))

    return routes
