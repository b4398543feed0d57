"""Agents come and change: each change is announced, and raises the roster's version in the departments it touches."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.assignment.roster_repository import AGENTS, DEPARTMENTS
from services.assignment.workloads import WORKLOADS
from shared.events.assignment import AgentChanged
from shared.refusals import Invalid, NotFound, Reason, Refusal
from shared.store.documents import Announcement, Changes, Document, Documents, Key


class AgentExists(Refusal):
    title = "There is an agent of this id"


class AddressTaken(Refusal):
    title = "Another agent has this address"


def keys(agent_id: str, fields: dict[str, Any]) -> list[Key]:
    departments = [Key(DEPARTMENTS, department_id) for department_id in fields.get("departments", ())]
    addresses = [Key(AGENTS, fields["address"], "address")] if "address" in fields else []
    return [Key(AGENTS, agent_id), *addresses, *departments]


def add_agent(fields: dict[str, Any], documents: Documents, now: datetime) -> Changes:
    """`fields` are all of an agent's, with its `id`."""
    agent_id = fields["id"]
    if documents.get(AGENTS, agent_id) is not None:
        raise AgentExists(f"There is an agent {agent_id} already: change it, or choose another id.")
    workload: Document = {"_id": agent_id, "open": 0, "assigned_at": None}
    blank: Document = {"_id": agent_id, "departments": [], "version": 0, "time": now}
    wanted = {name: value for name, value in fields.items() if name != "id"}
    return _changed(blank, wanted, documents, now) + Changes(documents=[(WORKLOADS, workload)])


def change_agent(agent_id: str, fields: dict[str, Any], documents: Documents, now: datetime) -> Changes:
    """`fields` are those to change."""
    known = documents.get(AGENTS, agent_id)
    if known is None:
        raise NotFound(f"There is no agent {agent_id}.")
    if all(known[name] == value for name, value in fields.items()):
        return Changes(answer=shown(known))
    return _changed(known, fields, documents, now)


def _changed(before: Document, fields: dict[str, Any], documents: Documents, now: datetime) -> Changes:
    after = {**before, **fields, "version": before["version"] + 1, "time": max(now, before["time"])}
    for department_id in after["departments"]:
        if documents.get(DEPARTMENTS, department_id) is None:
            reason = Reason("departments", f"{department_id} must exist", "See GET /v1/departments.")
            raise Invalid(f"There is no department {department_id}.", (reason,))
    other = documents.get(AGENTS, after["address"], "address")
    if other is not None and other["_id"] != after["_id"]:
        raise AddressTaken(f"{other['name']} has the address {after['address']}.")
    rosters = _raised({*before["departments"], *after["departments"]}, documents)
    event = AgentChanged(
        id=after["_id"],
        name=after["name"],
        address=after["address"],
        departments=tuple(after["departments"]),
        skills=tuple(after["skills"]),
        capacity=after["capacity"],
        available=after["available"],
        active=after["active"],
        language=after["language"],
    )
    announcement = Announcement(event, after["_id"], after["version"], after["time"])
    return Changes(documents=[(AGENTS, after), *rosters], events=[announcement], answer=shown(after))


def _raised(departments: Iterable[str], documents: Documents) -> list[tuple[str, Document]]:
    found = [documents.get(DEPARTMENTS, department_id) for department_id in sorted(departments)]
    return [(DEPARTMENTS, {**d, "roster_version": d["roster_version"] + 1}) for d in found if d is not None]


def shown(agent: Document) -> dict[str, Any]:
    hidden = ("_id", "revision", "time")
    return {"id": agent["_id"], **{name: value for name, value in agent.items() if name not in hidden}}
