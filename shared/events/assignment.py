"""What assignment announces: who is responsible, who could be, and the keys that open the doors."""

from dataclasses import dataclass
from datetime import datetime

from shared.events.ticket import Actor, Department, Person, TicketSnapshot


@dataclass(frozen=True)
class TicketAssigned:
    """Somebody became responsible."""

    ticket: TicketSnapshot
    actor: Actor
    agent: Person
    department: Department
    rule: str  # allocated, claimed, assigned, claimed_by_reply, reopened
    decision_id: str
    waited_seconds: float
    previous_agent_id: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class TicketReleased:
    """Its agent is no longer responsible; it waits in his department."""

    ticket: TicketSnapshot
    actor: Actor
    agent_id: str
    department: Department
    reason: str


@dataclass(frozen=True)
class TicketTransferred:
    """Another department has it; it waits there."""

    ticket: TicketSnapshot
    actor: Actor
    department: Department
    from_department_id: str
    reason: str


@dataclass(frozen=True)
class TicketWaiting:
    """Nobody could take it. `excluded` counts the department's agents by the reason that kept each out."""

    ticket: TicketSnapshot
    department: Department
    excluded: dict[str, int]
    decision_id: str


@dataclass(frozen=True)
class AgentChanged:
    id: str
    name: str
    address: str
    departments: tuple[str, ...]
    skills: tuple[str, ...]
    capacity: int
    available: bool
    active: bool
    language: str = "en"


@dataclass(frozen=True)
class DepartmentChanged:
    """A department as it is now."""

    id: str
    name: str
    manager_id: str | None
    topics: tuple[str, ...]


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


TYPES: dict[str, type] = {
    "ticket.assigned": TicketAssigned,
    "ticket.released": TicketReleased,
    "ticket.transferred": TicketTransferred,
    "ticket.waiting": TicketWaiting,
    "agent.changed": AgentChanged,
    "department.changed": DepartmentChanged,
    "api_key.issued": ApiKeyIssued,
    "api_key.revoked": ApiKeyRevoked,
}
