"""Keys, roles and invitations: who may open which door. Assignment announces them, none is for strangers' ears."""

from dataclasses import dataclass
from datetime import datetime

from shared.events.ticket import Person


@dataclass(frozen=True)
class ApiKeyIssued:
    """The key's hash: the key itself was shown once and is kept nowhere."""

    id: str
    name: str
    secret_sha256: str
    scopes: tuple[str, ...]
    expires_at: datetime | None = None


@dataclass(frozen=True)
class ApiKeyRevoked:
    id: str


@dataclass(frozen=True)
class RoleChanged:
    id: str
    name: str
    permissions: tuple[str, ...]


@dataclass(frozen=True)
class AgentInvited:
    """The agent is to choose a password. The link is signed by who writes the mail, and stands in no event."""

    agent: Person
    invitation_id: str
    invited_by: str
    expires_at: datetime


@dataclass(frozen=True)
class ApiKeyUsed:
    """Told by every service of the keys at its own door, once in a while."""

    key_id: str
    service: str
    used_at: datetime


EVERYBODYS: dict[str, type] = {"api_key.used": ApiKeyUsed}

TYPES: dict[str, type] = {
    "role.changed": RoleChanged,
    "agent.invited": AgentInvited,
    "api_key.issued": ApiKeyIssued,
    "api_key.revoked": ApiKeyRevoked,
}
