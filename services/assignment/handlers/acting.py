"""Who acts over HTTP: the agent that the caller names, or else the caller's own key."""

from dataclasses import dataclass

from services.assignment.roster_repository import AGENTS
from shared.events.ticket import Actor
from shared.refusals import Invalid, NotFound, Reason, Refusal
from shared.store.documents import Document, Documents

HEADER = "X-On-Behalf-Of"


class AgentNotAvailable(Refusal):
    title = "The agent takes no tickets now"


@dataclass(frozen=True)
class Caller:
    """An API key, and the agent for whom its holder says to act."""

    key_id: str
    key_name: str
    agent_id: str | None = None


def actor(documents: Documents, caller: Caller) -> Actor:
    if caller.agent_id is None:
        return Actor("integration", caller.key_id, caller.key_name)
    agent = acting_agent(documents, caller)
    return Actor("agent", agent["_id"], agent["name"])


def acting_agent(documents: Documents, caller: Caller) -> Document:
    if caller.agent_id is None:
        reason = Reason(HEADER, "must name the agent who acts", "Send the header with the agent's id.")
        raise Invalid(f"The header {HEADER} is missing: only an agent can do this.", (reason,))
    agent = documents.get(AGENTS, caller.agent_id)
    if agent is None or not agent["active"]:
        reason = Reason(HEADER, "must name an active agent", "See GET /v1/agents.")
        raise Invalid(f"The header {HEADER} names no active agent.", (reason,))
    return agent


def taker(documents: Documents, agent_id: str) -> Document:
    """An agent who may be made responsible by a person. His capacity binds the policy, not people."""
    agent = documents.get(AGENTS, agent_id)
    if agent is None:
        raise NotFound(f"There is no agent {agent_id}.")
    if not agent["active"] or not agent["available"]:
        raise AgentNotAvailable(f"{agent['name']} is not available: choose somebody else.")
    return agent
