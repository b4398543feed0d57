"""Waiting until nothing is under way: what was begun before would be measured together with what comes."""

import time

import pika

from cli.local.services import SERVICES
from cli.local.stack import System
from cli.queues import depth
from cli.setup import QUEUES
from cli.unpublished import unpublished
from shared.store.client import connect

SETTLED_SECONDS = 3.0


def wait(system: System, within: float = 300.0) -> None:
    """Until all queues have been empty and all event logs published for a while: a batch in hand shows in neither."""
    deadline = time.monotonic() + within
    quiet_since = None
    while quiet_since is None or time.monotonic() - quiet_since < SETTLED_SECONDS:
        if under_way := _under_way(system):
            quiet_since = None
            if time.monotonic() > deadline:
                raise TimeoutError(f"after {within:.0f} s this was still under way: {under_way}")
        elif quiet_since is None:
            quiet_since = time.monotonic()
        time.sleep(0.5)


def _under_way(system: System) -> dict[str, int]:
    with pika.BlockingConnection(pika.URLParameters(system.amqp_url)) as connection:
        depths = {queue.name: depth(connection, queue.name) for queue in QUEUES}
    found = {name: at.waiting for name, at in depths.items() if at}
    with connect(system.mongo_url, "bench") as client:
        found |= {f"{service}'s log": unpublished(client[f"helpdesk_{service}"])[0] for service in SERVICES}
    return {name: count for name, count in found.items() if count}
