"""What every ticket event carries beside its own facts, so that no hearer needs an earlier event."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Requester:
    id: str
    address: str
    name: str
    language: str = "en"  # e.g. de, pt-BR
    vip: bool = False
    organisation: str | None = None


@dataclass(frozen=True)
class TicketSnapshot:
    """The ticket as its publisher knew it when it spoke."""

    id: str
    number: str  # for people; programs use the id
    subject: str
    requester: Requester
    topic: str
    impact: str  # low, medium, high
    urgency: str  # low, medium, high
    severity: str  # sev_a, sev_b, sev_c, sev_d
    priority: str  # emergency, high, normal, low
    status: str  # new, open, on_hold, resolved, closed
    created_at: datetime
    tags: tuple[str, ...] = ()
    custom_fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Actor:
    """Who did it. `kind` is agent, requester, integration (an API key or an AMQP source) or system."""

    kind: str
    id: str
    name: str = ""


def is_signed_in(actor: Actor, channel: str) -> bool:
    """Whether it is certain who said it. A mail proves nothing of its sender, and an integration speaks for anybody."""
    return actor.kind == "agent" or (actor.kind == "requester" and channel == "http")


@dataclass(frozen=True)
class Person:
    """An agent to be told or shown."""

    id: str
    name: str
    address: str
    language: str = "en"


@dataclass(frozen=True)
class Department:
    id: str
    name: str
    manager: Person | None = None
