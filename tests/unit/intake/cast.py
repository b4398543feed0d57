"""Ana asks, Ben works."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.intake.domain.ticket import Ticket
from shared.events.ticket import Actor, Requester

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANA = Requester(id="ana", address="ana@customer.example", name="Ana")
BEN = Actor("agent", "ben", "Ben")
ANA_HERSELF = Actor("requester", "ana", "Ana")


def minutes(count: int) -> datetime:
    return NINE + timedelta(minutes=count)


def a_ticket(**given: Any) -> Ticket:
    facts: dict[str, Any] = {
        "id": "0195b3c0-0000-7000-8000-000000000001",
        "number": "100001",
        "subject": "No network",
        "requester": ANA,
        "topic": "network",
        "impact": "medium",
        "urgency": "high",
        "channel": "http",
        "created_at": NINE,
        "changed_at": NINE,
    }
    return Ticket(**{**facts, **given})


def told(ticket: Ticket) -> list[str]:
    """The names of what the ticket has said."""
    return [type(news.data).__name__ for news in ticket.news]
