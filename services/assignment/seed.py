"""What a new desk starts with: two departments, the routes of six topics, a sample team, and a first key."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.assignment.handlers.change_agent import add_agent
from services.assignment.handlers.change_department import department_as, put_route
from services.assignment.handlers.issue_api_key import ADMINISTRATOR, issue_api_key
from services.assignment.roster_repository import AGENTS, DEPARTMENTS, ROUTES
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
_AGENTS: tuple[tuple[str, str, list[str], list[str]], ...] = (
    ("ben", "Ben Okafor", ["support"], []),
    ("cleo", "Cleo Marin", ["infrastructure", "support"], ["network"]),
    ("dana", "Dana Weiss", ["infrastructure"], ["linux", "network"]),
    ("erik", "Erik Lund", ["support"], []),
)


def seed(unit_of_work: UnitOfWork) -> None:
    """Makes what is missing, and leaves alone what is there."""
    for department_id, name, manager_id in _DEPARTMENTS:
        _do(unit_of_work, _department(department_id, name, manager_id))
    for topic, department_id, skills in _ROUTES:
        _do(unit_of_work, _route(topic, department_id, skills))


def seed_sample(unit_of_work: UnitOfWork) -> None:
    for agent_id, name, departments, skills in _AGENTS:
        _do(unit_of_work, _agent(agent_id, name, departments, skills))


def issue_first_key(unit_of_work: UnitOfWork, name: str) -> str:
    """An administrator's key, to be shown now: it is kept nowhere."""
    answer = _do(unit_of_work, lambda documents, now: issue_api_key(name, [ADMINISTRATOR], None, documents, now))
    key: str = answer["key"]
    return key


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


def _agent(agent_id: str, name: str, departments: list[str], skills: list[str]) -> Run:
    fields = {
        "id": agent_id,
        "name": name,
        "address": f"{agent_id}@desk.example",
        "departments": departments,
        "skills": skills,
        "capacity": 20,
        "available": True,
        "active": True,
        "language": "en",
    }

    def run(documents: Documents, now: datetime) -> Changes:
        return Changes() if documents.get(AGENTS, agent_id) else add_agent(fields, documents, now)

    return run


def _do(unit_of_work: UnitOfWork, run: Run) -> Any:
    match unit_of_work.run([Work(run, Cause(new_id()))], patience=30.0):
        case [Done(answer)]:
            return answer
        case [Failed(error)]:
            raise error
        case outcomes:
            raise AssertionError(f"a work without an id was taken for a repetition: {outcomes}")
