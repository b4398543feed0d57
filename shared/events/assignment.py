"""What assignment announces: who is responsible, and who could be; keys and roles stand in `access`."""

from dataclasses import dataclass, field

from shared.events import access
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
    waited_seconds: float  # since it came to wait in this department; 0 if somebody had it, or it was over
    previous_agent_id: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class TicketReleased:
    """Its agent is no longer responsible. It waits in `department`, unless somebody else gets it at once."""

    ticket: TicketSnapshot
    actor: Actor
    agent_id: str
    department: Department
    reason: str


@dataclass(frozen=True)
class TicketTransferred:
    """Another department has it. `agent`: who keeps it, because he belongs there too; without one it waits there."""

    ticket: TicketSnapshot
    actor: Actor
    department: Department
    from_department_id: str
    reason: str
    agent: Person | None = None


@dataclass(frozen=True)
class TicketWaiting:
    """Nobody could take it. `excluded` counts the department's agents by the reason that kept each out."""

    ticket: TicketSnapshot
    department: Department
    excluded: dict[str, int]
    decision_id: str


@dataclass(frozen=True)
class AgentChanged:
    """`roles`: the role that the agent has in each department, "*" for everywhere.

    `generation`: tokens that were signed for an older one are over.
    """

    id: str
    name: str
    address: str
    departments: tuple[str, ...]
    skills: tuple[str, ...]
    capacity: int
    available: bool
    active: bool
    language: str = "en"
    roles: dict[str, str] = field(default_factory=dict)
    generation: int = 0


@dataclass(frozen=True)
class DepartmentChanged:
    """A department as it is now."""

    id: str
    name: str
    manager_id: str | None
    topics: tuple[str, ...]


TYPES: dict[str, type] = {
    "ticket.assigned": TicketAssigned,
    "ticket.released": TicketReleased,
    "ticket.transferred": TicketTransferred,
    "ticket.waiting": TicketWaiting,
    "agent.changed": AgentChanged,
    "department.changed": DepartmentChanged,
    **access.TYPES,
    **access.EVERYBODYS,
}
