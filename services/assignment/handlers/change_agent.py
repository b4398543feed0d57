"""Agents come and change. Who changes one needs every right that he has, and every one that he gets."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.assignment.accounts import ACCOUNTS, blank_account, invitation
from services.assignment.domain.giving import must_have_all
from services.assignment.handlers.announcing_agents import announced, shown
from services.assignment.roster_repository import AGENTS, DEPARTMENTS, ROLES
from services.assignment.workloads import WORKLOADS
from shared.access.may import EVERYWHERE, Principal
from shared.access.permissions import ADMINISTRATOR, DEFAULT_ROLE
from shared.refusals import Invalid, NotFound, Reason, Refusal
from shared.store.documents import Changes, Document, Documents, Key


class AgentExists(Refusal):
    title = "There is an agent of this id"


class AddressTaken(Refusal):
    title = "Another agent has this address"


def keys(agent_id: str, fields: Mapping[str, Any]) -> list[Key]:
    roles: Mapping[str, str] = fields.get("roles", {})
    departments = {*fields.get("departments", ()), *roles} - {EVERYWHERE}
    addresses = [Key(AGENTS, fields["address"], "address")] if "address" in fields else []
    return [
        Key(AGENTS, agent_id),
        Key(ACCOUNTS, agent_id),
        *addresses,
        *(Key(DEPARTMENTS, department_id) for department_id in departments),
        *(Key(ROLES, role_id) for role_id in {*roles.values(), ADMINISTRATOR, DEFAULT_ROLE}),
    ]


def add_agent(
    fields: Mapping[str, Any], giver: Principal, is_invited: bool, documents: Documents, now: datetime
) -> Changes:
    """`fields` are all of an agent's, with its `id`. `giver` needs every right that the agent gets."""
    agent_id = fields["id"]
    if documents.get(AGENTS, agent_id) is not None:
        raise AgentExists(f"There is an agent {agent_id} already: change it, or choose another id.")
    workload: Document = {"_id": agent_id, "open": 0, "assigned_at": None}
    blank: Document = {
        "_id": agent_id,
        "departments": [],
        "roles": {},
        "active": False,
        "generation": 0,
        "version": 0,
        "time": now,
    }
    after = _with(blank, fields, documents)
    must_have_all(giver, _rights(after, documents))
    changes = announced(blank, after, documents, now) + Changes(documents=[(WORKLOADS, workload)])
    if not is_invited or not after["active"]:
        return changes + Changes(documents=[(ACCOUNTS, blank_account(agent_id))])
    return changes + invitation(after, blank_account(agent_id), giver.name, now)


def change_agent(
    agent_id: str, fields: Mapping[str, Any], giver: Principal, documents: Documents, now: datetime
) -> Changes:
    """`fields` are those to change. `giver` needs every right that the agent has, and gets."""
    known = documents.get(AGENTS, agent_id)
    if known is None:
        raise NotFound(f"There is no agent {agent_id}.")
    after = _with(known, fields, documents)
    must_have_all(giver, _rights(known, documents))
    must_have_all(giver, _rights(after, documents))
    if after == known:
        return Changes(answer=shown(known))
    return announced(known, after, documents, now) + _account_ends(known, after, documents)


def change_availability(agent_id: str, is_available: bool, documents: Documents, now: datetime) -> Changes:
    """An agent's own word."""
    known = documents.get(AGENTS, agent_id)
    if known is None:
        raise NotFound(f"There is no agent {agent_id}.")
    if known["available"] == is_available:
        return Changes(answer=shown(known))
    return announced(known, {**known, "available": is_available}, documents, now)


def _with(before: Document, fields: Mapping[str, Any], documents: Documents) -> Document:
    after = {**before, **{name: value for name, value in fields.items() if name != "id"}}
    kept = {place: role for place, role in before["roles"].items() if place not in before["departments"]}
    kept |= {place: role for place, role in before["roles"].items() if place in after["departments"]}
    chosen = fields.get("roles", kept)
    after["roles"] = {**dict.fromkeys(after["departments"], DEFAULT_ROLE), **chosen}
    if before["active"] and not after["active"]:
        after["generation"] += 1
    _must_exist("departments", DEPARTMENTS, after["departments"], documents)
    _must_exist("roles", DEPARTMENTS, set(chosen) - {EVERYWHERE}, documents)
    _must_exist("roles", ROLES, chosen.values(), documents)
    other = documents.get(AGENTS, after["address"], "address")
    if other is not None and other["_id"] != after["_id"]:
        raise AddressTaken(f"{other['name']} has the address {after['address']}.")
    return after


def _must_exist(field: str, collection: str, names: Iterable[str], documents: Documents) -> None:
    for name in names:
        if documents.get(collection, name) is None:
            reason = Reason(field, f"{name} must exist", f"See GET /v1/{collection}.")
            raise Invalid(f"There is no {name} among the {collection}.", (reason,))


def _rights(agent: Document, documents: Documents) -> dict[str, list[str]]:
    roles = {place: documents.get(ROLES, role) for place, role in agent["roles"].items()}
    return {place: role["permissions"] for place, role in roles.items() if role is not None}


def _account_ends(before: Document, after: Document, documents: Documents) -> Changes:
    """An invitation is no longer good for who was disabled, or for the address to which it went."""
    account = documents.get(ACCOUNTS, after["_id"])
    is_same = after["active"] and after["address"] == before["address"]
    if is_same or account is None or account["invitation"] is None:
        return Changes()
    return Changes(documents=[(ACCOUNTS, {**account, "invitation": None})])
