"""Who acts in a request: the agent named by `X-On-Behalf-Of`, or else the API key itself."""

from shared.events.ticket import Actor
from shared.refusals import Invalid, Reason
from shared.store.documents import Documents

AGENTS = "agents"
HEADER = "X-On-Behalf-Of"


def agent_named(agent_id: str | None, documents: Documents) -> Actor:
    """Raises Invalid, naming the header, when it is missing or names nobody who may act."""
    if agent_id is None:
        reason = Reason(HEADER, "is required: this is an agent's action", "Send the id of the agent who acts.")
        raise Invalid("Say which agent acts.", (reason,))
    agent = documents.get(AGENTS, agent_id)
    if agent is None or not agent["active"]:
        reason = Reason(HEADER, "must be the id of an active agent", "GET /v1/agents of assignment lists them.")
        raise Invalid("This agent is not known.", (reason,))
    return Actor("agent", agent_id, agent["name"])
