"""Who acts, as events name him; and to whom a person may give a ticket."""

from services.assignment.domain.refusals import AgentNotAvailable
from services.assignment.roster_repository import AGENTS
from shared.access.may import Principal
from shared.events.ticket import Actor
from shared.refusals import Invalid, Reason
from shared.store.documents import Document, Documents


def actor(who: Principal) -> Actor:
    return Actor(who.kind, who.id, who.name)


def taker(documents: Documents, agent_id: str, remedy: str) -> Document:
    """An agent who may be made responsible by a person. His capacity binds the policy, not people.

    `remedy`: what to do if he is not there.
    """
    agent = documents.get(AGENTS, agent_id)
    if agent is None:
        reason = Reason("agent_id", "must name an agent", "See GET /v1/agents.")
        raise Invalid(f"There is no agent {agent_id}.", (reason,))
    if not agent["active"] or not agent["available"]:
        raise AgentNotAvailable(f"{agent['name']} is not available: {remedy}.")
    return agent
