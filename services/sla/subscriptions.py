"""What sla hears, and what it does with it."""

from services.sla.handlers.follow_ticket import follow_assignment, follow_ticket, keys
from shared.access import agents, api_keys
from shared.messaging.sign_of_life import sign_of
from shared.messaging.subscription import Subscription
from shared.messaging.topology import EVENTS, Queue

SUBSCRIPTIONS = (
    Subscription("ticket.created", keys, follow_ticket),
    Subscription("ticket.triaged", keys, follow_ticket),
    Subscription("ticket.edited", keys, follow_ticket),
    Subscription("ticket.requester_replied", keys, follow_ticket),
    Subscription("ticket.agent_replied", keys, follow_ticket),
    Subscription("ticket.put_on_hold", keys, follow_ticket),
    Subscription("ticket.resumed", keys, follow_ticket),
    Subscription("ticket.resolved", keys, follow_ticket),
    Subscription("ticket.reopened", keys, follow_ticket),
    Subscription("ticket.closed", keys, follow_ticket),
    Subscription("ticket.assigned", keys, follow_assignment),
    Subscription("ticket.released", keys, follow_assignment),
    Subscription("ticket.transferred", keys, follow_assignment),
    Subscription("ticket.waiting", keys, follow_assignment),
    *api_keys.SUBSCRIPTIONS,
    *agents.SUBSCRIPTIONS,
)

FACTS_FROM = "intake"  # whose replies, holds and resolutions move a deadline
QUEUES = (
    Queue("sla.inbox", EVENTS, tuple(row.type for row in SUBSCRIPTIONS)),
    Queue("sla.signs", EVENTS, (sign_of(FACTS_FROM),), keeps_newest_alone=True),
)
