"""Intake's table of contents: which event, which documents, who handles it."""

from typing import Any

from services.intake.handlers.show_assignment import show_assigned, show_released, show_transferred, show_waiting
from services.intake.handlers.show_notification import show_notification
from services.intake.handlers.show_sla import show_breach, show_targets, show_warning
from services.intake.handlers.take_escalation import take_escalation
from services.intake.ticket_repository import ticket_key
from shared.access import agents, api_keys
from shared.events.envelope import Event
from shared.messaging.subscription import Subscription
from shared.messaging.topology import EVENTS, SUBMISSIONS, Queue
from shared.store.documents import Key


def _ticket(event: Event[Any]) -> list[Key]:
    return [ticket_key(event.data.ticket.id)]


def _nothing(event: Event[Any]) -> list[Key]:
    return []


SUBSCRIPTIONS = (
    Subscription("ticket.assigned", _ticket, show_assigned),
    Subscription("ticket.released", _ticket, show_released),
    Subscription("ticket.transferred", _ticket, show_transferred),
    Subscription("ticket.waiting", _ticket, show_waiting),
    Subscription("sla.targets_set", _ticket, show_targets),
    Subscription("sla.paused", _ticket, show_targets),
    Subscription("sla.resumed", _ticket, show_targets),
    Subscription("sla.met", _ticket, show_targets),
    Subscription("sla.breached", _ticket, show_breach),
    Subscription("sla.warned", _nothing, show_warning),
    Subscription("ticket.escalated", _ticket, take_escalation),
    Subscription("notification.sent", _nothing, show_notification),
    Subscription("notification.failed", _nothing, show_notification),
    *api_keys.SUBSCRIPTIONS,
    *agents.SUBSCRIPTIONS,
)

QUEUES = (
    Queue("intake.inbox", EVENTS, tuple(s.type for s in SUBSCRIPTIONS)),
    Queue(
        "intake.submissions",
        SUBMISSIONS,
        ("ticket.submit", "ticket.reply", "ticket.resolve", "ticket.reopen", "ticket.close"),
        max_length=1_000_000,
        max_bytes=1024**3,
    ),
)
