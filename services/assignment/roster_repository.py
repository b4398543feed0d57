"""Agents, departments and routes as documents, and the people and departments that events name."""

from services.assignment.domain.allocation import Agent
from services.assignment.domain.assignment import Route
from services.assignment.workloads import Workloads
from shared.events.ticket import Department, Person
from shared.store.asking import Question
from shared.store.documents import Document, Documents, Key

AGENTS = "agents"
DEPARTMENTS = "departments"
ROUTES = "routes"
ROLES = "roles"
FALLBACK_DEPARTMENT = "support"


def person(agent: Document) -> Person:
    return Person(agent["_id"], agent["name"], agent["address"], agent["language"])


def department(documents: Documents, department_id: str) -> Department:
    """With its manager, unless his account is disabled: he is not to be told any more."""
    found = documents.get(DEPARTMENTS, department_id)
    if found is None:
        return Department(department_id, department_id)
    manager = documents.get(AGENTS, found["manager_id"]) if found["manager_id"] else None
    return Department(department_id, found["name"], person(manager) if manager and manager["active"] else None)


def route(documents: Documents, topic: str) -> Route:
    """A topic without a route of its own goes to the fallback department."""
    found = documents.get(ROUTES, topic)
    return Route(found["department_id"], tuple(found["skills"])) if found else Route(FALLBACK_DEPARTMENT)


def load_roster(documents: Documents, workloads: Workloads, departments: list[str]) -> list[Agent]:
    """Everybody in these departments, with what he has to do; the departments are loaded along with them."""
    if not departments:
        return []
    staff = Question(AGENTS, {"departments": {"$in": departments}})
    [found] = documents.load((Key(DEPARTMENTS, department_id) for department_id in departments), [staff])
    members = documents.see(AGENTS, found)
    workloads.load(member["_id"] for member in members)
    return [_agent(member, workloads.of(member["_id"])) for member in members]


def _agent(document: Document, workload: Document) -> Agent:
    return Agent(
        document["_id"],
        frozenset(document["departments"]),
        frozenset(document["skills"]),
        document["capacity"],
        document["available"],
        document["active"],
        workload["open"],
        workload["assigned_at"],
    )
