"""Who calls, and on which version of the ticket the caller looked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from flask import Response, request

from services.intake.acting import AGENTS, HEADER, agent_named
from services.intake.domain.refusals import TicketWasChanged
from services.intake.ticket_repository import TICKETS, ticket_key
from services.intake.ticket_view import whole
from shared.events.ticket import Actor
from shared.http.application import Commands, principal
from shared.store.documents import Changes, Document, Documents, Key

Act = Callable[[Actor, Documents, datetime], Changes]


def integration() -> Actor:
    return Actor("integration", principal().id, principal().name)


def run_as_caller(commands: Commands, run: Act, keys: list[Key], *, is_agents: bool = False, status: int) -> Response:
    """Runs a command as the agent named by the header, else as the API key. The answer is the ticket's new state."""
    agent_id, key = request.headers.get(HEADER), integration()

    def as_caller(documents: Documents, now: datetime) -> Changes:
        actor = agent_named(agent_id, documents) if agent_id is not None or is_agents else key
        changes = run(actor, documents, now)
        return replace(changes, answer=whole(changes.answer))

    return commands.run(as_caller, keys + ([Key(AGENTS, agent_id)] if agent_id is not None else []), status)


def act_on_ticket(
    commands: Commands, ticket_id: UUID, run: Act, *, is_agents: bool = False, status: int = 200
) -> Response:
    expected = request.headers.get("If-Match")

    def on_version(actor: Actor, documents: Documents, now: datetime) -> Changes:
        _refuse_other_version(expected, documents.get(TICKETS, str(ticket_id)))
        return run(actor, documents, now)

    return run_as_caller(commands, on_version, [ticket_key(str(ticket_id))], is_agents=is_agents, status=status)


def _refuse_other_version(expected: str | None, document: Document | None) -> None:
    if expected not in (None, "*") and document is not None and expected != f'"{document["version"]}"':
        raise TicketWasChanged(f"It is at version {document['version']} now: read it again.")
