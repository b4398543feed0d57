"""Agents and roles, as far as every door needs them: who may still act, and what each role permits.

Assignment owns them and has these fields in documents of its own; the others keep the last word that they heard.
"""

from datetime import datetime
from typing import Any

from shared.events.access import RoleChanged
from shared.events.assignment import AgentChanged
from shared.events.envelope import Event
from shared.messaging.subscription import Subscription
from shared.store.documents import Changes, Documents, Key

AGENTS = "agents"
ROLES = "roles"


def _agent_key(event: Event[Any]) -> list[Key]:
    return [Key(AGENTS, event.data.id)]


def _role_key(event: Event[Any]) -> list[Key]:
    return [Key(ROLES, event.data.id)]


def _agent_changed(event: Event[AgentChanged], documents: Documents, now: datetime) -> Changes:
    agent = event.data
    known = documents.get(AGENTS, agent.id)
    if known is not None and known["sequence"] >= event.sequence:
        return Changes()
    document = {
        "_id": agent.id,
        "name": agent.name,
        "active": agent.active,
        "roles": agent.roles,
        "generation": agent.generation,
        "sequence": event.sequence,
    }
    return Changes(documents=[(AGENTS, document)])


def _role_changed(event: Event[RoleChanged], documents: Documents, now: datetime) -> Changes:
    role = event.data
    known = documents.get(ROLES, role.id)
    if known is not None and known["sequence"] >= event.sequence:
        return Changes()
    document = {"_id": role.id, "permissions": list(role.permissions), "sequence": event.sequence}
    return Changes(documents=[(ROLES, document)])


SUBSCRIPTIONS = (
    Subscription("agent.changed", _agent_key, _agent_changed),
    Subscription("role.changed", _role_key, _role_changed),
)
