"""A change of an agent is announced, raises the roster's version where he works, and leaves an administrator."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.assignment.roster_repository import AGENTS, DEPARTMENTS, ROLES
from shared.access.may import EVERYWHERE
from shared.access.permissions import ADMINISTRATOR
from shared.events.assignment import AgentChanged
from shared.refusals import Refusal
from shared.store.documents import Announcement, Changes, Document, Documents


class LastAdministrator(Refusal):
    title = "The desk needs an administrator"


def announced(before: Document, after: Document, documents: Documents, now: datetime) -> Changes:
    after = {**after, "version": before["version"] + 1, "time": max(now, before["time"])}
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
        roles=after["roles"],
        generation=after["generation"],
    )
    return Changes(
        documents=[
            (AGENTS, after),
            *_rosters_raised({*before["departments"], *after["departments"]}, documents),
            *_administrators_counted(after, documents),
        ],
        events=[Announcement(event, after["_id"], after["version"], after["time"])],
        answer=shown(after),
    )


def shown(agent: Document) -> dict[str, Any]:
    hidden = ("_id", "revision", "time", "generation")
    return {"id": agent["_id"], **{name: value for name, value in agent.items() if name not in hidden}}


def _rosters_raised(departments: Iterable[str], documents: Documents) -> list[tuple[str, Document]]:
    found = [documents.get(DEPARTMENTS, department_id) for department_id in sorted(departments)]
    return [(DEPARTMENTS, {**d, "roster_version": d["roster_version"] + 1}) for d in found if d is not None]


def _administrators_counted(agent: Document, documents: Documents) -> list[tuple[str, Document]]:
    """The role itself keeps who has it, so that the last two can't give it up at the same moment."""
    role = documents.get(ROLES, ADMINISTRATOR)
    if role is None:
        return []
    is_one = agent["active"] and agent["roles"].get(EVERYWHERE) == ADMINISTRATOR
    before = set(role.get("holders", ()))
    after = before | {agent["_id"]} if is_one else before - {agent["_id"]}
    if after == before:
        return []
    if not after:
        raise LastAdministrator(f"{agent['name']} is the last one: make somebody else administrator first.")
    return [(ROLES, {**role, "holders": sorted(after)})]
