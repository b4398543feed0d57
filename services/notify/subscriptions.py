"""What notify hears: exactly the events that its rules name, and the API keys."""

from services.notify.domain.rules import RULES_OF
from services.notify.handlers.write_messages import keys, write_messages
from shared.access import agents, api_keys
from shared.messaging.subscription import Subscription
from shared.messaging.topology import EVENTS, Queue

SUBSCRIPTIONS = (
    *(Subscription(event, keys, write_messages) for event in RULES_OF),
    *api_keys.SUBSCRIPTIONS,
    *agents.SUBSCRIPTIONS,
)

QUEUES = (Queue("notify.inbox", EVENTS, tuple(s.type for s in SUBSCRIPTIONS)),)
