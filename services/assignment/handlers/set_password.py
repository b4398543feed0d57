"""An agent chooses a password, by the link of an invitation or knowing the one before. All his sessions end."""

from datetime import datetime

from services.assignment.accounts import ACCOUNTS, is_open
from services.assignment.handlers.announcing_agents import announced
from services.assignment.roster_repository import AGENTS
from shared.refusals import NotFound, Refusal
from shared.store.documents import Changes, Document, Documents


class PasswordWasChanged(Refusal):
    title = "The password was changed meanwhile"


def accept_invitation(
    agent_id: str, invitation_id: str, password_hash: str, documents: Documents, now: datetime
) -> Changes:
    """Once. The answer is the agent."""
    agent, account = documents.get(AGENTS, agent_id), documents.get(ACCOUNTS, agent_id)
    if agent is None or account is None or not agent["active"] or not is_open(account, invitation_id, now):
        raise NotFound("This invitation is not open any more: ask for another one.")
    return _with_password(agent, account, password_hash, documents, now)


def change_password(agent_id: str, generation: int, new_hash: str, documents: Documents, now: datetime) -> Changes:
    """`generation`: the agent's when he proved to know his password. The answer is the agent."""
    agent, account = documents.get(AGENTS, agent_id), documents.get(ACCOUNTS, agent_id)
    if agent is None or account is None or agent["generation"] != generation:
        raise PasswordWasChanged("Sign in again.")
    return _with_password(agent, account, new_hash, documents, now)


def renew_hash(agent_id: str, known_hash: str, new_hash: str, documents: Documents, now: datetime) -> Changes:
    """The same password, hashed as it is done today."""
    account = documents.get(ACCOUNTS, agent_id)
    if account is None or account["password_hash"] != known_hash:
        return Changes()
    return Changes(documents=[(ACCOUNTS, {**account, "password_hash": new_hash})])


def _with_password(
    agent: Document, account: Document, password_hash: str, documents: Documents, now: datetime
) -> Changes:
    account = {**account, "password_hash": password_hash, "invitation": None}
    changes = announced(agent, {**agent, "generation": agent["generation"] + 1}, documents, now)
    [(_, after), *_] = changes.documents
    return changes + Changes(documents=[(ACCOUNTS, account)], answer=after)
