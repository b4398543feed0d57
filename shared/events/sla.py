"""What sla announces: promises made, paused, kept and missed."""

from dataclasses import dataclass
from datetime import datetime

from shared.events import access
from shared.events.ticket import Department, Person, TicketSnapshot


@dataclass(frozen=True)
class TargetDue:
    target: str  # first_response, resolution
    due_at: datetime | None  # None while paused and once met or ended
    state: str  # running, paused, met, breached, ended (closed before it was met or missed)


@dataclass(frozen=True)
class SlaTargetsSet:
    """What is promised by now: which target is due when, and why that changed."""

    ticket: TicketSnapshot
    plan_id: str
    plan_version: int
    targets: tuple[TargetDue, ...]
    reason: str


@dataclass(frozen=True)
class SlaPaused:
    """The clock stands still."""

    ticket: TicketSnapshot
    targets: tuple[TargetDue, ...]


@dataclass(frozen=True)
class SlaResumed:
    """The clock runs again."""

    ticket: TicketSnapshot
    targets: tuple[TargetDue, ...]


@dataclass(frozen=True)
class SlaWarned:
    """A target will be missed soon."""

    ticket: TicketSnapshot
    target: str  # first_response, resolution
    due_at: datetime
    agent: Person | None = None
    department: Department | None = None


@dataclass(frozen=True)
class SlaBreached:
    """A target was missed."""

    ticket: TicketSnapshot
    target: str  # first_response, resolution
    due_at: datetime
    agent: Person | None = None
    department: Department | None = None


@dataclass(frozen=True)
class SlaMet:
    """A target was met in time."""

    ticket: TicketSnapshot
    target: str  # first_response, resolution
    due_at: datetime
    met_at: datetime
    targets: tuple[TargetDue, ...]


@dataclass(frozen=True)
class TicketEscalated:
    """Attention moves up because of a breach or its approach."""

    ticket: TicketSnapshot
    target: str  # first_response, resolution
    step: int
    priority: str  # what it should be raised to
    reason: str
    agent: Person | None = None
    department: Department | None = None


@dataclass(frozen=True)
class PlanChanged:
    """A plan has a new version."""

    id: str
    version: int
    name: str
    reason: str


TYPES: dict[str, type] = {
    "sla.targets_set": SlaTargetsSet,
    "sla.paused": SlaPaused,
    "sla.resumed": SlaResumed,
    "sla.warned": SlaWarned,
    "sla.breached": SlaBreached,
    "sla.met": SlaMet,
    "ticket.escalated": TicketEscalated,
    "plan.changed": PlanChanged,
    **access.EVERYBODYS,
}
