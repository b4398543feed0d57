"""What a new desk starts with: roles, two departments, the routes of six topics, a sample team, and who may set up
everything else: a first administrator, a first key."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from marshmallow import ValidationError

from services.assignment.accounts import link_of
from services.assignment.handlers.change_agent import add_agent
from services.assignment.handlers.change_department import department_as, put_route
from services.assignment.handlers.issue_api_key import issue_api_key
from services.assignment.handlers.put_role import role_as
from services.assignment.roster_repository import AGENTS, DEPARTMENTS, ROUTES
from services.assignment.roster_repository import ROLES as KEPT_ROLES
from services.assignment.schemas import AgentSchema
from shared.access.may import EVERYWHERE, Principal
from shared.access.permissions import ADMINISTRATOR, ALL, ROLES
from shared.http.problems import invalid
from shared.identifiers import new_id
from shared.store.documents import Cause, Changes, Documents
from shared.store.unit_of_work import Done, Failed, UnitOfWork, Work

Run = Callable[[Documents, datetime], Changes]

_DEPARTMENTS = (("support", "Support", "erik"), ("infrastructure", "Infrastructure", "dana"))
_ROUTES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("general", "support", ()),
    ("access", "support", ()),
    ("billing", "support", ()),
    ("network", "infrastructure", ("network",)),
    ("hardware", "infrastructure", ()),
    ("monitoring", "infrastructure", ()),
)
_AGENTS: tuple[tuple[str, str, dict[str, str], list[str]], ...] = (
    ("ben", "Ben Okafor", {"support": "expanded"}, []),
    ("cleo", "Cleo Marin", {"infrastructure": "expanded", "support": "limited"}, ["network"]),
    ("dana", "Dana Weiss", {"infrastructure": "all_access"}, ["linux", "network"]),
    ("erik", "Erik Lund", {"support": "all_access"}, []),
)
SETUP = Principal("integration", "setup", "relaydesk setup", {EVERYWHERE: ALL})


def seed(unit_of_work: UnitOfWork) -> None:
    """Makes what is missing, and leaves alone what is there, but for administrators, who may do everything there is."""
    for role_id, (role_name, permissions) in ROLES.items():
        _do(unit_of_work, _role(role_id, role_name, permissions))
    for department_id, name, manager_id in _DEPARTMENTS:
        _do(unit_of_work, _department(department_id, name, manager_id))
    for topic, department_id, skills in _ROUTES:
        _do(unit_of_work, _route(topic, department_id, skills))


def seed_sample(unit_of_work: UnitOfWork) -> None:
    for agent_id, name, roles, skills in _AGENTS:
        _do(unit_of_work, _agent(agent_id, name, roles, skills))


def issue_first_key(unit_of_work: UnitOfWork, name: str) -> str:
    """An administrator's key, to be shown now: it is kept nowhere."""
    answer = _do(unit_of_work, lambda documents, now: issue_api_key(name, [ADMINISTRATOR], None, SETUP, documents, now))
    key: str = answer["key"]
    return key


def invite_first_administrator(unit_of_work: UnitOfWork, address: str, name: str, link_secret: str) -> str | None:
    """The signed link with which he chooses his password, to be shown now; None if there is an administrator already.

    The same invitation is mailed to him: it can be opened once, from here or from there. Raises Refusal.
    """

    def run(documents: Documents, now: datetime) -> Changes:
        if documents.get(AGENTS, ADMINISTRATOR):
            return Changes()
        fields = _fields(ADMINISTRATOR, name, address, {EVERYWHERE: ADMINISTRATOR}, [])
        changes = add_agent(fields, SETUP, True, documents, now)
        return changes + Changes(answer=link_of(changes, link_secret))

    link: str | None = _do(unit_of_work, run)
    return link


def _role(role_id: str, name: str, permissions: frozenset[str]) -> Run:
    def run(documents: Documents, now: datetime) -> Changes:
        if documents.get(KEPT_ROLES, role_id) and role_id != ADMINISTRATOR:
            return Changes()
        return role_as(role_id, name, sorted(permissions), documents, now)

    return run


def _department(department_id: str, name: str, manager_id: str) -> Run:
    def run(documents: Documents, now: datetime) -> Changes:
        if documents.get(DEPARTMENTS, department_id):
            return Changes()
        return department_as(department_id, name, manager_id, documents, now)

    return run


def _route(topic: str, department_id: str, skills: tuple[str, ...]) -> Run:
    def run(documents: Documents, now: datetime) -> Changes:
        return Changes() if documents.get(ROUTES, topic) else put_route(topic, department_id, skills, documents, now)

    return run


def _agent(agent_id: str, name: str, roles: dict[str, str], skills: list[str]) -> Run:
    fields = _fields(agent_id, name, f"{agent_id}@desk.example", roles, skills)

    def run(documents: Documents, now: datetime) -> Changes:
        return Changes() if documents.get(AGENTS, agent_id) else add_agent(fields, SETUP, False, documents, now)

    return run


def _fields(agent_id: str, name: str, address: str, roles: dict[str, str], skills: list[str]) -> dict[str, Any]:
    departments = sorted(set(roles) - {EVERYWHERE})
    given = {"id": agent_id, "name": name, "address": address, "roles": roles, "skills": skills}
    try:
        fields: dict[str, Any] = AgentSchema(exclude=["invite"]).load({**given, "departments": departments})
    except ValidationError as error:
        raise invalid(error) from error
    return fields


def _do(unit_of_work: UnitOfWork, run: Run) -> Any:
    match unit_of_work.run([Work(run, Cause(new_id()))], patience=30.0):
        case [Done(answer)]:
            return answer
        case [Failed(error)]:
            raise error
        case outcomes:
            raise AssertionError(f"a work without an id was taken for a repetition: {outcomes}")
