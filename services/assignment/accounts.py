"""Accounts as documents, apart from the agents that everybody may read: a password's hash, and an open invitation.

An account has one invitation at most, so another one ends the one before.
"""

from datetime import datetime, timedelta
from typing import Any

from services.assignment.roster_repository import person
from shared.access.signed_link import Link, sign
from shared.events.access import AgentInvited
from shared.identifiers import new_id
from shared.store.documents import Announcement, Changes, Document

ACCOUNTS = "accounts"
INVITATION = "invitation"  # the purpose of its link
INVITATION_LIFE = timedelta(days=3)
RESET_LIFE = timedelta(hours=1)


def blank_account(agent_id: str) -> Document:
    return {"_id": agent_id, "password_hash": None, "invitation": None}


def invitation(
    agent: Document, account: Document, invited_by: str, now: datetime, life: timedelta = INVITATION_LIFE
) -> Changes:
    """Who has its link, which is mailed to the agent alone, may choose the account's password once.

    It is good at least as long as the one that it ends: anybody may ask for a reset.
    """
    known = account["invitation"]
    invitation_id, expires_at = new_id(), max(now + life, known["expires_at"] if known else now)
    event = AgentInvited(person(agent), invitation_id, invited_by, expires_at)
    return Changes(
        documents=[(ACCOUNTS, {**account, "invitation": {"id": invitation_id, "expires_at": expires_at}})],
        events=[Announcement(event, invitation_id, 1, now)],
    )


def link_of(invited: Changes, secret: str) -> str:
    """The link that notify signs for the mail, from what `invitation` announces."""
    [told] = [announcement for announcement in invited.events if isinstance(announcement.data, AgentInvited)]
    data: Any = told.data
    return sign(Link(INVITATION, data.invitation_id, data.agent.id, told.time, data.expires_at), secret)


def is_open(account: Document | None, invitation_id: str, now: datetime) -> bool:
    known = account["invitation"] if account else None
    return known is not None and known["id"] == invitation_id and now < known["expires_at"]
