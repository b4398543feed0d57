"""The broker's accounts and what AMQP alone can't put right, through the management API."""

import re
from collections.abc import Iterable

import pika

from cli.setup.addresses import account_in
from cli.setup.management import Management
from shared.messaging.accounts import LISTENERS_QUEUES, NOTHING, Account
from shared.messaging.topology import EVENTS, SUBMISSIONS, Queue

LISTENERS_BYTES = 1024**3


def reconcile(
    management_url: str, amqp_url: str, accounts: Iterable[tuple[Account, str]], queues: Iterable[Queue]
) -> None:
    """`amqp_url` is the administrator's, and names the vhost; `accounts` come with their passwords."""
    management = Management(management_url, *account_in(amqp_url))
    vhost = pika.URLParameters(amqp_url).virtual_host
    try:
        for account, password in accounts:
            _put_account(management, vhost, account, password)
        for queue in queues:
            _drop_surplus_bindings(management, vhost, queue)
            _limit_bytes(management, vhost, queue)
        _limit_listeners(management, vhost)
    finally:
        management.close()


def _put_account(management: Management, vhost: str, account: Account, password: str) -> None:
    management.put("users", account.name, password=password, tags="")
    rights = {"configure": account.configure, "write": account.write, "read": account.read}
    for exchange in (EVENTS, SUBMISSIONS):  # before the rights: an exchange without patterns is open
        management.put(
            *("topic-permissions", vhost, account.name),
            exchange=exchange,
            write=account.publishes.get(exchange, NOTHING),
            read=account.binds.get(exchange, NOTHING),
        )
    management.put("permissions", vhost, account.name, **rights)


def _drop_surplus_bindings(management: Management, vhost: str, queue: Queue) -> None:
    for binding in management.get("queues", vhost, queue.name, "bindings"):
        source, key = binding["source"], binding["routing_key"]
        if source and (source != queue.exchange or key not in queue.types):
            management.delete("bindings", vhost, "e", source, "q", queue.name, binding["properties_key"])


def _limit_bytes(management: Management, vhost: str, queue: Queue) -> None:
    """What it does when it is full stands in its arguments, and holds for this limit as for the one by number."""
    if queue.max_bytes is not None:
        management.put(
            *("policies", vhost, queue.name),
            pattern=f"^{re.escape(queue.name)}$",
            definition={"max-length-bytes": queue.max_bytes},
            **{"apply-to": "queues"},
        )


def _limit_listeners(management: Management, vhost: str) -> None:
    """A listener that never comes back must not fill the broker's disk: its oldest messages go first."""
    management.put(
        *("policies", vhost, "listeners"),
        pattern=LISTENERS_QUEUES,
        definition={"max-length-bytes": LISTENERS_BYTES, "overflow": "drop-head"},
        **{"apply-to": "queues"},
    )
