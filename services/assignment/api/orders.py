"""A person's orders on a ticket: claim, assign, release, transfer. Each is carried out if he may give it then."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from flask import Response

from services.assignment.answer_schemas import AssignmentShownSchema
from services.assignment.assignment_repository import ASSIGNMENTS, reach
from services.assignment.handlers.assign_ticket import assign_ticket
from services.assignment.handlers.claim_ticket import claim_ticket
from services.assignment.handlers.release_ticket import release_ticket
from services.assignment.handlers.transfer_ticket import transfer_ticket
from services.assignment.roster_repository import AGENTS, DEPARTMENTS
from services.assignment.schemas import AssignSchema, OrderSchema, TransferSchema
from shared.access.may import must
from shared.http.commands import Commands, Run
from shared.http.contract import ETAG, Routes
from shared.http.door import action, principal
from shared.http.versions import expected_version, refuse_other
from shared.refusals import NotFound
from shared.store.documents import Changes, Documents, Key


def order_routes(commands: Commands) -> Routes:
    routes = Routes("orders", __name__, url_prefix="/v1/assignments", description="A person decides who has a ticket.")

    @routes.post("/<uuid:ticket_id>/claim")
    @routes.needs("ticket.claim")
    @routes.idempotent
    @routes.versioned(is_required=False)
    @routes.response(200, AssignmentShownSchema, headers=ETAG)
    @routes.refuses(404, 409)
    def claim(ticket_id: UUID) -> Response:
        """Take a ticket that waits. Only an agent can."""
        who = principal()
        return order(ticket_id, partial(claim_ticket, str(ticket_id), who), Key(AGENTS, who.id))

    @routes.post("/<uuid:ticket_id>/assign")
    @routes.needs("ticket.assign")
    @routes.takes(AssignSchema)
    @routes.versioned(is_required=False)
    @routes.response(200, AssignmentShownSchema, headers=ETAG)
    @routes.refuses(404, 409)
    def assign(body: dict[str, Any], ticket_id: UUID) -> Response:
        """Make an agent responsible, whoever has it."""
        run = partial(assign_ticket, str(ticket_id), body["agent_id"], body["reason"], principal())
        return order(ticket_id, run, Key(AGENTS, body["agent_id"]))

    @routes.post("/<uuid:ticket_id>/release")
    @routes.needs("ticket.release")
    @routes.takes(OrderSchema)
    @routes.versioned(is_required=False)
    @routes.response(200, AssignmentShownSchema, headers=ETAG)
    @routes.refuses(404, 409)
    def release(body: dict[str, Any], ticket_id: UUID) -> Response:
        """Put a ticket back to those that wait."""
        return order(ticket_id, partial(release_ticket, str(ticket_id), body["reason"], principal()))

    @routes.post("/<uuid:ticket_id>/transfer")
    @routes.needs("ticket.transfer")
    @routes.takes(TransferSchema)
    @routes.versioned(is_required=False)
    @routes.response(200, AssignmentShownSchema, headers=ETAG)
    @routes.refuses(404, 409)
    def transfer(body: dict[str, Any], ticket_id: UUID) -> Response:
        """Move a ticket to another department."""
        run = partial(transfer_ticket, str(ticket_id), body["department_id"], body["reason"], principal())
        return order(ticket_id, run, Key(DEPARTMENTS, body["department_id"]))

    def order(ticket_id: UUID, run: Run, *keys: Key) -> Response:
        ticket = Key(ASSIGNMENTS, str(ticket_id))
        return commands.run(_checked(ticket.value, run), [ticket, *keys])

    return routes


def _checked(ticket_id: str, run: Run) -> Run:
    who, what, expected = principal(), action(), expected_version(is_required=False)

    def checked(documents: Documents, now: datetime) -> Changes:
        known = documents.get(ASSIGNMENTS, ticket_id)
        if known is None:
            raise NotFound("There is no ticket with this id.")
        must(who, what, reach(known))
        refuse_other(expected, known)
        return run(documents, now)

    return checked
