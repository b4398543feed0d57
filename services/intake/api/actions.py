"""What is done to a ticket: replies and notes, and the arrows of its life."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema

from services.intake import answer_schemas, schemas
from services.intake.api.callers import act_on_ticket, require_agent
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
from shared.http.commands import Commands
from shared.http.contract import ETAG, Routes, View
from shared.http.door import principal
from shared.refusals import Invalid, Reason
from shared.store.documents import Changes, Documents


def actions_routes(commands: Commands, next_number: Callable[[], str]) -> Routes:
    routes = Routes(
        "actions", __name__, url_prefix="/v1/tickets/<uuid:ticket_id>", description="What is done to tickets."
    )

    def action(name: str, permission: str, schema: type[Schema], status: int = 200) -> Callable[[View], View]:
        def decorate(view: View) -> View:
            view = routes.response(status, answer_schemas.TICKET, headers=ETAG)(routes.refuses(404, 409)(view))
            view = routes.versioned(is_required=False)(view)
            view = routes.needs(permission)(routes.takes(schema)(view))
            return routes.post(f"/{name}")(view)

        return decorate

    @action("replies", "ticket.reply", schemas.ReplySchema, 201)
    def post_reply(reply: dict[str, Any], ticket_id: UUID) -> Response:
        """Reply: an agent to the requester, the requester to the desk."""
        if _is_requesters(reply):
            return _reply_as_requester(reply, ticket_id)

        def act(actor: Actor, documents: Documents, now: datetime) -> Changes:
            require_agent(actor)
            return record_agent_reply(str(ticket_id), reply["text"], actor, documents, now)

        return act_on_ticket(commands, ticket_id, act, status=201)

    @action("notes", "ticket.note", schemas.NoteSchema, 201)
    def post_note(note: dict[str, Any], ticket_id: UUID) -> Response:
        """Write a note, which no requester ever sees."""

        def act(actor: Actor, documents: Documents, now: datetime) -> Changes:
            require_agent(actor)
            return add_note(str(ticket_id), note["text"], actor, documents, now)

        return act_on_ticket(commands, ticket_id, act, status=201)

    @action("hold", "ticket.hold", schemas.WithReasonSchema)
    def post_hold(body: dict[str, Any], ticket_id: UUID) -> Response:
        """Put on hold: the clock stops."""
        return act_on_ticket(commands, ticket_id, lambda *by: put_on_hold(str(ticket_id), body["reason"], *by))

    @action("resume", "ticket.hold", schemas.WithReasonSchema)
    def post_resume(body: dict[str, Any], ticket_id: UUID) -> Response:
        """Resume: the clock goes on."""
        return act_on_ticket(commands, ticket_id, lambda *by: resume_ticket(str(ticket_id), body["reason"], *by))

    @action("triage", "ticket.triage", schemas.TriageSchema)
    def post_triage(body: dict[str, Any], ticket_id: UUID) -> Response:
        """Judge anew: impact, urgency, topic, priority."""
        judged = {name: value for name, value in body.items() if name != "reason"}
        return act_on_ticket(
            commands, ticket_id, lambda *by: triage_ticket(str(ticket_id), body["reason"], *by, **judged)
        )

    @action("resolve", "ticket.resolve", schemas.ResolveSchema)
    def post_resolve(body: dict[str, Any], ticket_id: UUID) -> Response:
        """Resolve: say what was done."""

        def act(actor: Actor, documents: Documents, now: datetime) -> Changes:
            return resolve_ticket(ResolveTicket(str(ticket_id), body["resolution"], actor), documents, now)

        return act_on_ticket(commands, ticket_id, act)

    @action("reopen", "ticket.reopen", schemas.WithReasonSchema)
    def post_reopen(body: dict[str, Any], ticket_id: UUID) -> Response:
        """Reopen a resolved ticket."""

        def act(actor: Actor, documents: Documents, now: datetime) -> Changes:
            return reopen_ticket(ReopenTicket(str(ticket_id), body["reason"], actor), documents, now)

        return act_on_ticket(commands, ticket_id, act)

    @action("close", "ticket.close", schemas.CloseSchema)
    def post_close(body: dict[str, Any], ticket_id: UUID) -> Response:
        """Close for good. A ticket that is not resolved is closed with a reason."""

        def act(actor: Actor, documents: Documents, now: datetime) -> Changes:
            return close_ticket(CloseTicket(str(ticket_id), body["reason"], actor), documents, now)

        return act_on_ticket(commands, ticket_id, act)

    @action("rating", "ticket.rate", schemas.RatingSchema, 201)
    def post_rating(body: dict[str, Any], ticket_id: UUID) -> Response:
        """Rate a resolved or closed ticket, once."""
        return act_on_ticket(
            commands,
            ticket_id,
            lambda *by: rate_ticket(str(ticket_id), body["score"], body["comment"], *by),
            status=201,
        )

    def _reply_as_requester(reply: dict[str, Any], ticket_id: UUID) -> Response:
        def act(actor: Actor, documents: Documents, now: datetime) -> Changes:
            command = RecordRequesterReply(str(ticket_id), reply["requester"], reply["text"], "http", actor)
            return record_requester_reply(command, documents, now, next_number)

        return act_on_ticket(commands, ticket_id, act, status=201)

    return routes


def _is_requesters(reply: dict[str, Any]) -> bool:
    """A requester and an agent reply as themselves, an API key may say for whom. Raises Invalid for anything else."""
    kind = principal().kind
    said = reply["sender"] or ("requester" if kind == "requester" else "agent")
    if kind != "integration" and said != kind:
        raise Invalid(f"You reply as {kind}.", (Reason("as", f"must be {kind}", "Leave it out."),))
    return said == "requester"
