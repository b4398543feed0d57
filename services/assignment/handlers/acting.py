"""Who acts, as events name him; and to whom a person may give a ticket."""

from services.assignment.domain.refusals import AgentNotAvailable
from services.assignment.roster_repository import AGENTS
from shared.access.may import Principal
from shared.events.ticket import Actor
from shared.refusals import NotFound
from shared.store.documents import Document, Documents


def actor(who: Principal) -> Actor:
    return Actor(who.kind, who.id, who.name)


def taker(documents: Documents, agent_id: str) -> Document:
    """An agent who may be made responsible by a person. His capacity binds the policy, not people."""
    agent = documents.get(AGENTS, agent_id)
    if agent is None:
        raise NotFound(f"There is no agent {agent_id}.")
    if not agent["active"] or not agent["available"]:
        raise AgentNotAvailable(f"{agent['name']} is not available: choose somebody else.")
    return agent
