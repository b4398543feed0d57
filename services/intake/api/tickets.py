"""Tickets: opened, listed, read, put right."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response
from pymongo.database import Database

from services.intake import answer_schemas, queries, schemas
from services.intake.api.callers import act_on_ticket, actor_of, in_reach, shown_to
from services.intake.handlers.edit_ticket import edit_ticket
from services.intake.handlers.open_own_ticket import open_own_ticket
from services.intake.handlers.open_ticket import OpenTicket, open_ticket, open_ticket_keys
from services.intake.handlers.revoke_links import revoke_links
from services.intake.requester_repository import REQUESTERS
from services.intake.ticket_repository import ticket_key
from services.intake.topic_repository import TOPICS
from shared.access.may import Forbidden
from shared.http.answers import answer
from shared.http.commands import Commands, Run
from shared.http.contract import ETAG, Routes
from shared.http.door import principal
from shared.http.pages import LINK, PageSchema, all_of, page_of
from shared.identifiers import new_id
from shared.refusals import Invalid, Reason
from shared.store.documents import Changes, Document, Documents, Key


def tickets_routes(database: Database[Document], commands: Commands, next_number: Callable[[], str]) -> Routes:
    routes = Routes("tickets", __name__, url_prefix="/v1/tickets", description="Tickets and their threads.")

    @routes.post("")
    @routes.needs("ticket.create")
    @routes.takes(schemas.PostTicketSchema)
    @routes.response(201, answer_schemas.TICKET, headers=ETAG)
    @routes.refuses(404, 409)
    def post_ticket(described: dict[str, Any]) -> Response:
        """Open a ticket. A requester opens his own, and leaves the judging of it to others."""
        who = principal()
        run, keys = _opening_own(described) if who.kind == "requester" else _opening(described)

        def shown(documents: Documents, now: datetime) -> Changes:
            changes = run(documents, now)
            return replace(changes, answer=shown_to(who, changes.answer))

        return commands.run(shown, keys, status=201)

    @routes.get("")
    @routes.needs("ticket.view")
    @routes.arguments(schemas.TicketListSchema, location="query")
    @routes.response(200, answer_schemas.TICKETS, headers=LINK)
    def get_tickets(asked: dict[str, Any]) -> Response:
        """List the tickets that you may see. A requester filters by status and topic alone."""
        return queries.list_tickets(database, principal(), asked)

    @routes.get("/<uuid:ticket_id>")
    @routes.needs("ticket.view")
    @routes.response(200, answer_schemas.TICKET, headers=ETAG)
    @routes.refuses(404)
    def get_ticket(ticket_id: UUID) -> Response:
        """Read a ticket."""
        return answer(shown_to(principal(), in_reach(database, ticket_id)))

    @routes.get("/<uuid:ticket_id>/entries")
    @routes.needs("ticket.view")
    @routes.arguments(PageSchema, location="query")
    @routes.response(200, answer_schemas.ENTRIES, headers=LINK)
    @routes.refuses(404)
    def get_entries(asked: dict[str, Any], ticket_id: UUID) -> Response:
        """Read a ticket's thread, oldest first. A requester reads what is public."""
        in_reach(database, ticket_id)
        return queries.list_entries(database, principal(), str(ticket_id), asked)

    @routes.get("/<uuid:ticket_id>/timeline")
    @routes.needs("ticket.audit")
    @routes.response(200, page_of(answer_schemas.HopSchema))
    @routes.refuses(404)
    def get_timeline(ticket_id: UUID) -> Response:
        """Read what happened to a ticket, hop by hop: who, why, how long after its cause."""
        in_reach(database, ticket_id)
        return all_of(queries.read_timeline(database, str(ticket_id)))

    @routes.patch("/<uuid:ticket_id>")
    @routes.needs("ticket.edit")
    @routes.takes(schemas.EditSchema)
    @routes.versioned(is_required=True)
    @routes.response(200, answer_schemas.TICKET, headers=ETAG)
    @routes.refuses(404, 409)
    def patch_ticket(new: dict[str, Any], ticket_id: UUID) -> Response:
        """Put subject, tags or custom fields right."""
        return act_on_ticket(
            commands, ticket_id, lambda *by: edit_ticket(str(ticket_id), *by, **new), needs_version=True
        )

    @routes.post("/<uuid:ticket_id>/links/revocation")
    @routes.needs("ticket.revoke_links")
    @routes.idempotent
    @routes.versioned(is_required=False)
    @routes.response(200, answer_schemas.TICKET, headers=ETAG)
    @routes.refuses(404)
    def revoke_its_links(ticket_id: UUID) -> Response:
        """Take back the links to this ticket that were mailed until now."""
        key = ticket_key(str(ticket_id))
        return act_on_ticket(commands, ticket_id, lambda _, *more: revoke_links(key, *more))

    def _opening(described: dict[str, Any]) -> tuple[Run, list[Key]]:
        if "requester_address" not in described:
            raise Invalid("Say who asks.", (Reason("requester", "is required", "Send its address."),))
        command = OpenTicket(ticket_id=new_id(), channel="http", actor=actor_of(principal()), **described)
        return lambda documents, now: open_ticket(command, documents, now, next_number), open_ticket_keys(command)

    def _opening_own(described: dict[str, Any]) -> tuple[Run, list[Key]]:
        who, ticket_id = principal(), new_id()
        if who.ticket_id is not None:
            raise Forbidden("Your link opens one ticket. Ask for access with POST /v1/access to open another.")

        def run(documents: Documents, now: datetime) -> Changes:
            return open_own_ticket(ticket_id, actor_of(who), described, documents, now, next_number)

        return run, [Key(REQUESTERS, who.id), Key(TOPICS, described["topic"])]

    return routes
