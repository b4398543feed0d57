"""Listeners' queues that refuse what comes when they are full. Setup's policy says otherwise, but can't forbid it."""

import re
from typing import Any

import pika
from environs import FileAwareEnv

from cli.desk import Desk
from cli.setup.addresses import account_in
from cli.setup.management import Management
from shared.messaging.accounts import LISTENERS_QUEUES

_PATIENCE = 3.0


def rejecting(desk: Desk) -> list[str]:
    """Their names; none where RELAYDESK_MANAGEMENT_URL isn't set: only RabbitMQ's management knows all queues."""
    url = FileAwareEnv().str("RELAYDESK_MANAGEMENT_URL", None)
    if not url:
        return []
    management = Management(url, *account_in(desk.amqp_url), _PATIENCE)
    try:
        queues = management.get("queues", pika.URLParameters(desk.amqp_url).virtual_host)
    finally:
        management.close()
    return [queue["name"] for queue in queues if re.match(LISTENERS_QUEUES, queue["name"]) and is_rejecting(queue)]


def is_rejecting(queue: dict[str, Any]) -> bool:
    """`queue`: as management shows it. A quorum queue heeds the policy first, a classic one how it was declared."""
    declared = queue["arguments"].get("x-overflow")
    by_policy = (queue.get("effective_policy_definition") or {}).get("overflow")
    overflow = (by_policy or declared) if queue["type"] == "quorum" else (declared or by_policy)
    return str(overflow).startswith("reject-publish")
