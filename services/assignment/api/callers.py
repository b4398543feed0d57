"""Who called: an API key, perhaps on behalf of an agent; and what only administrators may do."""

from flask import request

from services.assignment.handlers.acting import HEADER, Caller
from services.assignment.handlers.issue_api_key import ADMINISTRATOR
from services.assignment.roster_repository import AGENTS
from shared.http.application import principal
from shared.refusals import Refusal
from shared.store.documents import Key


class AdministratorsOnly(Refusal):
    status = 403
    title = "Only administrators may do this"


def caller() -> Caller:
    return Caller(principal().id, principal().name, request.headers.get(HEADER))


def caller_keys() -> list[Key]:
    agent_id = request.headers.get(HEADER)
    return [Key(AGENTS, agent_id)] if agent_id else []


def require_administrator() -> None:
    if ADMINISTRATOR not in principal().scopes:
        raise AdministratorsOnly(f"This key lacks the scope {ADMINISTRATOR}.")
