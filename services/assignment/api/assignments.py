"""Who has a ticket, and why; and a person's orders: claim, assign, release, transfer."""

from functools import partial
from typing import Any

from flask import Flask, Response
from pymongo.database import Database

from services.assignment.api.callers import caller, caller_keys
from services.assignment.assignment_repository import ASSIGNMENTS, from_document
from services.assignment.handlers.answering import shown
from services.assignment.handlers.assign_ticket import assign_ticket
from services.assignment.handlers.claim_ticket import claim_ticket
from services.assignment.handlers.hand_over import DECISIONS
from services.assignment.handlers.release_ticket import release_ticket
from services.assignment.handlers.transfer_ticket import transfer_ticket
from services.assignment.roster_repository import AGENTS, DEPARTMENTS
from services.assignment.schemas import AssignSchema, ReasonSchema, TransferSchema
from shared.http.application import Commands, answer, json_body
from shared.refusals import NotFound
from shared.store.documents import Document, Key

_ASSIGN, _RELEASE, _TRANSFER = AssignSchema(), ReasonSchema(), TransferSchema()


def register(app: Flask, database: Database[Document], commands: Commands) -> None:
    @app.get("/v1/assignments/<ticket_id>")
    def get_assignment(ticket_id: str) -> Response:
        found = database[ASSIGNMENTS].find_one({"_id": ticket_id})
        if found is None:
            raise NotFound("No such ticket has come to assignment yet.")
        why = database[DECISIONS].find_one({"_id": found["decision_id"]}) if found["decision_id"] else None
        return answer({**shown(from_document(found)), "why": why and _decision(why)})

    @app.get("/v1/decisions/<decision_id>")
    def get_decision(decision_id: str) -> Response:
        found = database[DECISIONS].find_one({"_id": decision_id})
        if found is None:
            raise NotFound(f"There is no decision {decision_id}.")
        return answer(_decision(found))

    @app.post("/v1/assignments/<ticket_id>/claim")
    def claim(ticket_id: str) -> Response:
        return commands.run(partial(claim_ticket, ticket_id, caller()), _keys(ticket_id))

    @app.post("/v1/assignments/<ticket_id>/assign")
    def assign(ticket_id: str) -> Response:
        body = json_body(_ASSIGN)
        run = partial(assign_ticket, ticket_id, body["agent_id"], body["reason"], caller())
        return commands.run(run, [*_keys(ticket_id), Key(AGENTS, body["agent_id"])])

    @app.post("/v1/assignments/<ticket_id>/release")
    def release(ticket_id: str) -> Response:
        body = json_body(_RELEASE)
        return commands.run(partial(release_ticket, ticket_id, body["reason"], caller()), _keys(ticket_id))

    @app.post("/v1/assignments/<ticket_id>/transfer")
    def transfer(ticket_id: str) -> Response:
        body = json_body(_TRANSFER)
        run = partial(transfer_ticket, ticket_id, body["department_id"], body["reason"], caller())
        return commands.run(run, [*_keys(ticket_id), Key(DEPARTMENTS, body["department_id"])])


def _keys(ticket_id: str) -> list[Key]:
    return [Key(ASSIGNMENTS, ticket_id), *caller_keys()]


def _decision(row: Document) -> dict[str, Any]:
    return {"id": row["_id"], **{name: value for name, value in row.items() if name != "_id"}}
