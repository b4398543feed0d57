"""Tickets: opened, listed, read, put right."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from flask import Flask, Response
from pymongo.database import Database

from services.intake import queries, schemas
from services.intake.api.callers import act_on_ticket, integration, run_as_caller
from services.intake.api.pages import page_answer
from services.intake.handlers.edit_ticket import edit_ticket
from services.intake.handlers.open_ticket import OpenTicket, open_ticket, open_ticket_keys
from services.intake.ticket_repository import TICKETS
from services.intake.ticket_view import whole
from shared.http.application import Commands, answer, json_body, query
from shared.identifiers import new_id
from shared.refusals import NotFound
from shared.store.documents import Document

_OPEN = schemas.OpenTicketSchema()
_EDIT = schemas.EditSchema()
_LIST = schemas.TicketListSchema()
_PAGE = schemas.PageSchema()


def register(app: Flask, database: Database[Document], commands: Commands, next_number: Callable[[], str]) -> None:
    @app.post("/v1/tickets")
    def post_ticket() -> Response:
        command = OpenTicket(ticket_id=new_id(), channel="http", actor=integration(), **json_body(_OPEN))
        return run_as_caller(
            commands,
            lambda actor, documents, now: open_ticket(replace(command, actor=actor), documents, now, next_number),
            open_ticket_keys(command),
            status=201,
        )

    @app.get("/v1/tickets")
    def get_tickets() -> Response:
        return page_answer(queries.list_tickets(database, query(_LIST)))

    @app.get("/v1/tickets/<uuid:ticket_id>")
    def get_ticket(ticket_id: UUID) -> Response:
        document = database[TICKETS].find_one({"_id": str(ticket_id)})
        if document is None:
            raise NotFound("There is no ticket with this id.")
        return answer(whole(document), ETag=f'"{document["version"]}"')

    @app.get("/v1/tickets/<uuid:ticket_id>/entries")
    def get_entries(ticket_id: UUID) -> Response:
        _must_exist(database, str(ticket_id))
        return page_answer(queries.list_entries(database, str(ticket_id), query(_PAGE)))

    @app.get("/v1/tickets/<uuid:ticket_id>/timeline")
    def get_timeline(ticket_id: UUID) -> Response:
        _must_exist(database, str(ticket_id))
        return answer({"data": queries.read_timeline(database, str(ticket_id))})

    @app.patch("/v1/tickets/<uuid:ticket_id>")
    def patch_ticket(ticket_id: UUID) -> Response:
        new = json_body(_EDIT)
        return act_on_ticket(commands, ticket_id, lambda *by: edit_ticket(str(ticket_id), *by, **new))


def _must_exist(database: Database[Document], ticket_id: str) -> None:
    if database[TICKETS].find_one({"_id": ticket_id}, {"_id": 1}) is None:
        raise NotFound("There is no ticket with this id.")
