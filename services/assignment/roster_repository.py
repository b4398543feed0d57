"""Agents, departments and routes as documents, and the people and departments that events name."""

from datetime import datetime

from services.assignment.domain.allocation import Agent
from services.assignment.domain.assignment import Route
from shared.events.ticket import Department, Person
from shared.store.documents import Document, Documents

AGENTS = "agents"
DEPARTMENTS = "departments"
ROUTES = "routes"
FALLBACK_DEPARTMENT = "support"


def person(agent: Document) -> Person:
    return Person(agent["_id"], agent["name"], agent["address"], agent["language"])


def department(documents: Documents, department_id: str) -> Department:
    found = documents.get(DEPARTMENTS, department_id)
    if found is None:
        return Department(department_id, department_id)
    manager = documents.get(AGENTS, found["manager_id"]) if found["manager_id"] else None
    return Department(department_id, found["name"], person(manager) if manager else None)


def route(documents: Documents, topic: str) -> Route:
    """A topic without a route of its own goes to the fallback department."""
    found = documents.get(ROUTES, topic)
    return Route(found["department_id"], tuple(found["skills"])) if found else Route(FALLBACK_DEPARTMENT)


def agent(document: Document, open_tickets: int, assigned_at: datetime | None) -> Agent:
    return Agent(
        document["_id"],
        frozenset(document["departments"]),
        frozenset(document["skills"]),
        document["capacity"],
        document["available"],
        document["active"],
        open_tickets,
        assigned_at,
    )
