"""Departments and the routes of help topics. A department's topics are those whose route leads to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.assignment.roster_repository import AGENTS, DEPARTMENTS, ROUTES
from shared.events.assignment import DepartmentChanged
from shared.refusals import Invalid, Reason
from shared.store.documents import Announcement, Changes, Document, Documents


def put_department(
    department_id: str, name: str, manager_id: str | None, documents: Documents, now: datetime
) -> Changes:
    manager = documents.get(AGENTS, manager_id) if manager_id is not None else None
    if manager_id is not None and (manager is None or not manager["active"]):
        reason = Reason("manager_id", "must name an agent whose account is not disabled", "See GET /v1/agents.")
        raise Invalid(f"{manager_id} can't manage a department.", (reason,))
    return department_as(department_id, name, manager_id, documents, now)


def department_as(
    department_id: str, name: str, manager_id: str | None, documents: Documents, now: datetime
) -> Changes:
    blank: Document = {"_id": department_id, "topics": [], "roster_version": 1, "version": 0, "time": now}
    before = documents.get(DEPARTMENTS, department_id) or blank
    if before.get("name") == name and before.get("manager_id") == manager_id:
        return Changes(answer=shown(before))
    return _changed({**before, "name": name, "manager_id": manager_id}, now)


def put_route(topic: str, department_id: str, skills: Sequence[str], documents: Documents, now: datetime) -> Changes:
    """Tickets that come from now on go this way; those that wait stay where they are."""
    to = documents.get(DEPARTMENTS, department_id)
    if to is None:
        reason = Reason("department_id", "must name a department", "See GET /v1/departments.")
        raise Invalid(f"There is no department {department_id}.", (reason,))
    before = documents.get(ROUTES, topic) or {"_id": topic, "version": 0, "department_id": None}
    route = {**before, "department_id": department_id, "skills": sorted(set(skills))}
    if route == before:
        return Changes(answer=shown_route(route))
    route["version"] += 1
    changes = Changes(documents=[(ROUTES, route)], answer=shown_route(route))
    if before["department_id"] == department_id:
        return changes
    if before["department_id"] and (left := documents.get(DEPARTMENTS, before["department_id"])):
        remaining = [name for name in left["topics"] if name != topic]
        changes += _unanswered(_changed({**left, "topics": remaining}, now))
    return changes + _unanswered(_changed({**to, "topics": sorted({*to["topics"], topic})}, now))


def _changed(after: Document, now: datetime) -> Changes:
    after = {**after, "version": after["version"] + 1, "time": max(now, after["time"])}
    event = DepartmentChanged(after["_id"], after["name"], after["manager_id"], tuple(after["topics"]))
    announcement = Announcement(event, f"department:{after['_id']}", after["version"], after["time"])
    return Changes(documents=[(DEPARTMENTS, after)], events=[announcement], answer=shown(after))


def _unanswered(changes: Changes) -> Changes:
    return Changes(changes.documents, changes.rows, changes.events)


def shown(department: Document) -> dict[str, Any]:
    hidden = ("_id", "revision", "time")
    return {"id": department["_id"], **{name: value for name, value in department.items() if name not in hidden}}


def shown_route(route: Document) -> dict[str, Any]:
    return {"topic": route["_id"], **{name: route[name] for name in ("department_id", "skills", "version")}}
