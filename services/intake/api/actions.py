"""What is done to a ticket: replies and notes, and the arrows of its life."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask, Response

from services.intake import schemas
from services.intake.api.callers import act_on_ticket
from services.intake.handlers.add_note import add_note
from services.intake.handlers.close_ticket import CloseTicket, close_ticket
from services.intake.handlers.put_on_hold import put_on_hold
from services.intake.handlers.rate_ticket import rate_ticket
from services.intake.handlers.record_agent_reply import record_agent_reply
from services.intake.handlers.record_requester_reply import RecordRequesterReply, record_requester_reply
from services.intake.handlers.reopen_ticket import ReopenTicket, reopen_ticket
from services.intake.handlers.resolve_ticket import ResolveTicket, resolve_ticket
from services.intake.handlers.resume_ticket import resume_ticket
from services.intake.handlers.triage_ticket import triage_ticket
from shared.events.ticket import Actor
from shared.http.application import Commands, json_body
from shared.store.documents import Changes, Documents

_REPLY = schemas.ReplySchema()
_NOTE = schemas.NoteSchema()
_REASON = schemas.ReasonSchema()
_RESOLVE = schemas.ResolveSchema()
_CLOSE = schemas.CloseSchema()
_TRIAGE = schemas.TriageSchema()
_RATING = schemas.RatingSchema()


def register(app: Flask, commands: Commands, next_number: Callable[[], str]) -> None:
    @app.post("/v1/tickets/<uuid:ticket_id>/replies")
    def post_reply(ticket_id: UUID) -> Response:
        reply = json_body(_REPLY)
        if reply["sender"] == "requester":
            return _reply_as_requester(commands, ticket_id, reply, next_number)
        return act_on_ticket(
            commands,
            ticket_id,
            lambda *by: record_agent_reply(str(ticket_id), reply["text"], *by),
            is_agents=True,
            status=201,
        )

    @app.post("/v1/tickets/<uuid:ticket_id>/notes")
    def post_note(ticket_id: UUID) -> Response:
        note = json_body(_NOTE)["text"]
        return act_on_ticket(
            commands, ticket_id, lambda *by: add_note(str(ticket_id), note, *by), is_agents=True, status=201
        )

    @app.post("/v1/tickets/<uuid:ticket_id>/hold")
    def post_hold(ticket_id: UUID) -> Response:
        reason = json_body(_REASON)["reason"]
        return act_on_ticket(commands, ticket_id, lambda *by: put_on_hold(str(ticket_id), reason, *by))

    @app.post("/v1/tickets/<uuid:ticket_id>/resume")
    def post_resume(ticket_id: UUID) -> Response:
        reason = json_body(_REASON)["reason"]
        return act_on_ticket(commands, ticket_id, lambda *by: resume_ticket(str(ticket_id), reason, *by))

    @app.post("/v1/tickets/<uuid:ticket_id>/triage")
    def post_triage(ticket_id: UUID) -> Response:
        body = json_body(_TRIAGE)
        reason = body.pop("reason")
        return act_on_ticket(commands, ticket_id, lambda *by: triage_ticket(str(ticket_id), reason, *by, **body))

    @app.post("/v1/tickets/<uuid:ticket_id>/resolve")
    def post_resolve(ticket_id: UUID) -> Response:
        resolution = json_body(_RESOLVE)["resolution"]
        return act_on_ticket(
            commands,
            ticket_id,
            lambda actor, documents, now: resolve_ticket(
                ResolveTicket(str(ticket_id), resolution, actor), documents, now
            ),
        )

    @app.post("/v1/tickets/<uuid:ticket_id>/reopen")
    def post_reopen(ticket_id: UUID) -> Response:
        reason = json_body(_REASON)["reason"]
        return act_on_ticket(
            commands,
            ticket_id,
            lambda actor, documents, now: reopen_ticket(ReopenTicket(str(ticket_id), reason, actor), documents, now),
        )

    @app.post("/v1/tickets/<uuid:ticket_id>/close")
    def post_close(ticket_id: UUID) -> Response:
        reason = json_body(_CLOSE)["reason"]
        return act_on_ticket(
            commands,
            ticket_id,
            lambda actor, documents, now: close_ticket(CloseTicket(str(ticket_id), reason, actor), documents, now),
        )

    @app.post("/v1/tickets/<uuid:ticket_id>/rating")
    def post_rating(ticket_id: UUID) -> Response:
        body = json_body(_RATING)
        return act_on_ticket(
            commands,
            ticket_id,
            lambda *by: rate_ticket(str(ticket_id), body["score"], body["comment"], *by),
            status=201,
        )


def _reply_as_requester(
    commands: Commands, ticket_id: UUID, reply: dict[str, Any], next_number: Callable[[], str]
) -> Response:
    def run(actor: Actor, documents: Documents, now: datetime) -> Changes:
        command = RecordRequesterReply(str(ticket_id), reply["requester"], reply["text"], "http", actor)
        return record_requester_reply(command, documents, now, next_number)

    return act_on_ticket(commands, ticket_id, run, status=201)
