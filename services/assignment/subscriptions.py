"""Assignment's table of contents: what it hears, and what it does about it."""

from services.assignment.handlers import hear_key_use, hear_own, hear_ticket, show_requester
from services.assignment.handlers.hear_escalation import hear_escalation
from shared.access import api_keys
from shared.messaging.subscription import Subscription
from shared.messaging.topology import EVENTS, Queue

SUBSCRIPTIONS = (
    Subscription("ticket.created", hear_ticket.keys, hear_ticket.hear_ticket),
    Subscription("ticket.triaged", hear_ticket.keys, hear_ticket.hear_ticket),
    Subscription("ticket.edited", hear_ticket.keys, hear_ticket.hear_ticket),
    Subscription("ticket.agent_replied", hear_ticket.reply_keys, hear_ticket.hear_agent_reply),
    Subscription("ticket.resolved", hear_ticket.keys, hear_ticket.hear_ticket),
    Subscription("ticket.reopened", hear_ticket.keys, hear_ticket.hear_ticket),
    Subscription("ticket.closed", hear_ticket.keys, hear_ticket.hear_ticket),
    Subscription("ticket.escalated", hear_ticket.keys, hear_escalation),
    Subscription("requester.changed", show_requester.keys, show_requester.show_requester),
    Subscription("ticket.released", hear_own.ticket_keys, hear_own.hear_own_ticket),
    Subscription("ticket.transferred", hear_own.ticket_keys, hear_own.hear_own_ticket),
    Subscription("agent.changed", hear_own.no_keys, hear_own.look_again),
    Subscription("department.changed", hear_own.no_keys, hear_own.look_again),
    *api_keys.SUBSCRIPTIONS,
    Subscription("api_key.used", hear_key_use.keys, hear_key_use.hear_key_use),
)

INBOX = Queue("assignment.inbox", EVENTS, tuple(row.type for row in SUBSCRIPTIONS), has_single_active_consumer=True)
QUEUES = (INBOX,)
