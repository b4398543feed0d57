"""An agent is to choose a password: because somebody invites him, or because he forgot his."""

from datetime import datetime
from typing import Any

from services.assignment.accounts import ACCOUNTS, RESET_LIFE, blank_account, invitation
from services.assignment.roster_repository import AGENTS
from shared.refusals import NotFound, Refusal
from shared.store.documents import Changes, Document, Documents

_NOBODY = ""  # he asked for it himself, or a stranger did


class AgentIsDisabled(Refusal):
    title = "The agent's account is disabled"


def invite_agent(agent_id: str, invited_by: str, documents: Documents, now: datetime) -> Changes:
    agent = documents.get(AGENTS, agent_id)
    if agent is None:
        raise NotFound(f"There is no agent {agent_id}.")
    if not agent["active"]:
        raise AgentIsDisabled(f"{agent['name']} can't sign in: enable the account first.")
    changes = invitation(agent, _account(agent_id, documents), invited_by, now)
    return changes + Changes(answer=_shown(agent, changes))


def reset_password(address: str, documents: Documents, now: datetime) -> Changes:
    """Nothing, where nobody has this address."""
    agent = documents.get(AGENTS, address, "address")
    if agent is None or not agent["active"]:
        return Changes()
    return invitation(agent, _account(agent["_id"], documents), _NOBODY, now, RESET_LIFE)


def _account(agent_id: str, documents: Documents) -> Document:
    return documents.get(ACCOUNTS, agent_id) or blank_account(agent_id)


def _shown(agent: Document, changes: Changes) -> dict[str, Any]:
    [(_, account)] = changes.documents
    return {"agent_id": agent["_id"], "address": agent["address"], "expires_at": account["invitation"]["expires_at"]}
