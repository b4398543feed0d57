"""Intake over HTTP: tickets and their threads, help topics, requesters."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, request
from pymongo.database import Database

from services.intake import queries, schemas
from services.intake.acting import AGENTS, HEADER, agent_named
from services.intake.domain.refusals import TicketWasChanged
from services.intake.handlers.add_note import add_note
from services.intake.handlers.change_requester import change_requester
from services.intake.handlers.close_ticket import CloseTicket, close_ticket
from services.intake.handlers.edit_ticket import edit_ticket
from services.intake.handlers.open_ticket import OpenTicket, open_ticket, open_ticket_keys
from services.intake.handlers.put_on_hold import put_on_hold
from services.intake.handlers.put_topic import put_topic
from services.intake.handlers.rate_ticket import rate_ticket
from services.intake.handlers.record_agent_reply import record_agent_reply
from services.intake.handlers.record_requester_reply import RecordRequesterReply, record_requester_reply
from services.intake.handlers.reopen_ticket import ReopenTicket, reopen_ticket
from services.intake.handlers.resolve_ticket import ResolveTicket, resolve_ticket
from services.intake.handlers.resume_ticket import resume_ticket
from services.intake.handlers.triage_ticket import triage_ticket
from services.intake.requester_repository import REQUESTERS
from services.intake.requester_repository import from_document as requester_of
from services.intake.ticket_repository import TICKETS, ticket_key
from services.intake.ticket_view import whole
from services.intake.topic_repository import TOPICS, Topic
from shared.events.ticket import Actor
from shared.http.application import Commands, answer, json_body, principal, query
from shared.identifiers import new_id
from shared.refusals import NotFound
from shared.store.documents import Changes, Document, Documents, Key

_OPEN = schemas.OpenTicketSchema()
_REPLY = schemas.ReplySchema()
_NOTE = schemas.NoteSchema()
_REASON = schemas.ReasonSchema()
_RESOLVE = schemas.ResolveSchema()
_CLOSE = schemas.CloseSchema()
_TRIAGE = schemas.TriageSchema()
_EDIT = schemas.EditSchema()
_RATING = schemas.RatingSchema()
_TOPIC = schemas.TopicSchema()
_REQUESTER = schemas.ChangeRequesterSchema()
_PAGE = schemas.PageSchema()
_TICKETS = schemas.TicketListSchema()
_REQUESTERS = schemas.RequesterListSchema()

Act = Callable[[Actor, Documents, datetime], Changes]


def routes(database: Database[Document], commands: Commands, next_number: Callable[[], str]) -> Blueprint:
    api = Blueprint("intake", __name__)

    def act(ticket_id: UUID, run: Act, *, is_agents: bool = False, status: int = 200) -> Response:
        """Runs a command on a ticket; the answer is the ticket's new state."""
        agent_id, version, key = request.headers.get(HEADER), _expected_version(), Actor(*_integration())

        def acted(documents: Documents, now: datetime) -> Changes:
            _refuse_other_version(version, documents.get(TICKETS, str(ticket_id)))
            actor = agent_named(agent_id, documents) if agent_id is not None or is_agents else key
            changes = run(actor, documents, now)
            return replace(changes, answer=whole(changes.answer))

        keys = [ticket_key(str(ticket_id)), *([Key(AGENTS, agent_id)] if agent_id is not None else [])]
        return commands.run(acted, keys, status)

    @api.post("/v1/tickets")
    def post_ticket() -> Response:
        parts = json_body(_OPEN)
        agent_id = request.headers.get(HEADER)
        command = OpenTicket(ticket_id=new_id(), channel="http", actor=Actor(*_integration()), **parts)

        def run(documents: Documents, now: datetime) -> Changes:
            by = command if agent_id is None else replace(command, actor=agent_named(agent_id, documents))
            changes = open_ticket(by, documents, now, next_number)
            return replace(changes, answer=whole(changes.answer))

        keys = open_ticket_keys(command) + ([Key(AGENTS, agent_id)] if agent_id is not None else [])
        return commands.run(run, keys, 201)

    @api.get("/v1/tickets")
    def get_tickets() -> Response:
        return _page(queries.list_tickets(database, query(_TICKETS)))

    @api.get("/v1/tickets/<uuid:ticket_id>")
    def get_ticket(ticket_id: UUID) -> Response:
        document = database[TICKETS].find_one({"_id": str(ticket_id)})
        if document is None:
            raise NotFound("There is no ticket with this id.")
        return answer(whole(document), ETag=f'"{document["version"]}"')

    @api.get("/v1/tickets/<uuid:ticket_id>/entries")
    def get_entries(ticket_id: UUID) -> Response:
        _must_exist(database, str(ticket_id))
        return _page(queries.list_entries(database, str(ticket_id), query(_PAGE)))

    @api.get("/v1/tickets/<uuid:ticket_id>/timeline")
    def get_timeline(ticket_id: UUID) -> Response:
        _must_exist(database, str(ticket_id))
        return answer({"data": queries.read_timeline(database, str(ticket_id))})

    @api.post("/v1/tickets/<uuid:ticket_id>/replies")
    def post_reply(ticket_id: UUID) -> Response:
        body = json_body(_REPLY)

        def by_requester(actor: Actor, documents: Documents, now: datetime) -> Changes:
            reply = RecordRequesterReply(str(ticket_id), body["requester"], body["text"], "http", actor)
            return record_requester_reply(reply, documents, now, next_number)

        def by_agent(actor: Actor, documents: Documents, now: datetime) -> Changes:
            return record_agent_reply(str(ticket_id), body["text"], actor, documents, now)

        if body["sender"] == "requester":
            return act(ticket_id, by_requester, status=201)
        return act(ticket_id, by_agent, is_agents=True, status=201)

    @api.post("/v1/tickets/<uuid:ticket_id>/notes")
    def post_note(ticket_id: UUID) -> Response:
        note = json_body(_NOTE)["text"]
        return act(ticket_id, lambda *by: add_note(str(ticket_id), note, *by), is_agents=True, status=201)

    @api.post("/v1/tickets/<uuid:ticket_id>/hold")
    def post_hold(ticket_id: UUID) -> Response:
        reason = json_body(_REASON)["reason"]
        return act(ticket_id, lambda *by: put_on_hold(str(ticket_id), reason, *by))

    @api.post("/v1/tickets/<uuid:ticket_id>/resume")
    def post_resume(ticket_id: UUID) -> Response:
        reason = json_body(_REASON)["reason"]
        return act(ticket_id, lambda *by: resume_ticket(str(ticket_id), reason, *by))

    @api.post("/v1/tickets/<uuid:ticket_id>/triage")
    def post_triage(ticket_id: UUID) -> Response:
        body = json_body(_TRIAGE)
        reason = body.pop("reason")
        return act(ticket_id, lambda *by: triage_ticket(str(ticket_id), reason, *by, **body))

    @api.post("/v1/tickets/<uuid:ticket_id>/resolve")
    def post_resolve(ticket_id: UUID) -> Response:
        resolution = json_body(_RESOLVE)["resolution"]
        return act(
            ticket_id,
            lambda actor, documents, now: resolve_ticket(
                ResolveTicket(str(ticket_id), resolution, actor), documents, now
            ),
        )

    @api.post("/v1/tickets/<uuid:ticket_id>/reopen")
    def post_reopen(ticket_id: UUID) -> Response:
        reason = json_body(_REASON)["reason"]
        return act(
            ticket_id,
            lambda actor, documents, now: reopen_ticket(ReopenTicket(str(ticket_id), reason, actor), documents, now),
        )

    @api.post("/v1/tickets/<uuid:ticket_id>/close")
    def post_close(ticket_id: UUID) -> Response:
        reason = json_body(_CLOSE)["reason"]
        return act(
            ticket_id,
            lambda actor, documents, now: close_ticket(CloseTicket(str(ticket_id), reason, actor), documents, now),
        )

    @api.post("/v1/tickets/<uuid:ticket_id>/rating")
    def post_rating(ticket_id: UUID) -> Response:
        body = json_body(_RATING)
        return act(ticket_id, lambda *by: rate_ticket(str(ticket_id), body["score"], body["comment"], *by), status=201)

    @api.patch("/v1/tickets/<uuid:ticket_id>")
    def patch_ticket(ticket_id: UUID) -> Response:
        body = json_body(_EDIT)
        return act(ticket_id, lambda *by: edit_ticket(str(ticket_id), *by, **body))

    @api.get("/v1/topics")
    def get_topics() -> Response:
        return answer({"data": [_with_id(row, "name", "impact", "urgency") for row in database[TOPICS].find()]})

    @api.put("/v1/topics/<topic_id>")
    def put_one_topic(topic_id: str) -> Response:
        topic = Topic(schemas.slug(topic_id), **json_body(_TOPIC))
        return commands.run(lambda documents, now: put_topic(topic, documents, now), [Key(TOPICS, topic.id)])

    @api.get("/v1/requesters")
    def get_requesters() -> Response:
        asked = query(_REQUESTERS)
        wanted = {"address": asked["address"].lower()} if "address" in asked else {}
        return _page(queries.page(database[REQUESTERS], wanted, asked, lambda row: vars(requester_of(row))))

    @api.patch("/v1/requesters/<uuid:requester_id>")
    def patch_requester(requester_id: UUID) -> Response:
        body = json_body(_REQUESTER)

        def run(documents: Documents, now: datetime) -> Changes:
            changes = change_requester(str(requester_id), body, documents, now)
            return replace(changes, answer=vars(requester_of(changes.answer)))

        return commands.run(run, [Key(REQUESTERS, str(requester_id))])

    return api


def _integration() -> tuple[str, str, str]:
    return "integration", principal().id, principal().name


def _expected_version() -> str | None:
    return request.headers.get("If-Match")


def _refuse_other_version(expected: str | None, document: Document | None) -> None:
    if expected not in (None, "*") and document is not None and expected != f'"{document["version"]}"':
        raise TicketWasChanged(f"It is at version {document['version']} now: read it again.")


def _must_exist(database: Database[Document], ticket_id: str) -> None:
    if database[TICKETS].find_one({"_id": ticket_id}, {"_id": 1}) is None:
        raise NotFound("There is no ticket with this id.")


def _page(body: queries.Page) -> Response:
    if body["next"] is None:
        return answer(body)
    following = urlencode({**request.args.to_dict(), "cursor": body["next"]})
    return answer(body, Link=f'<{request.path}?{following}>; rel="next"')


def _with_id(document: Document, *names: str) -> dict[str, Any]:
    return {"id": document["_id"], **{name: document[name] for name in names}}
