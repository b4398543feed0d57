"""The real worker process, on a real broker: a ticket comes in, its agent goes out, and an agent's return wakes it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pika
import pytest

from services.assignment.handlers.change_agent import change_availability
from services.assignment.subscriptions import QUEUES
from shared.events.envelope import Event, encode
from shared.messaging import topology
from shared.moments import utc_now
from tests.integration.assignment.desk import Desk
from tests.support.eventually import eventually
from tests.unit.assignment.cast import TICKET, created, resolved


@pytest.fixture
def channel(clean_amqp_url: str) -> Iterator[Any]:
    topology.declare(clean_amqp_url, list(QUEUES))
    connection = pika.BlockingConnection(pika.URLParameters(clean_amqp_url))
    channel = connection.channel()
    channel.confirm_delivery()
    yield channel
    connection.close()


@pytest.fixture
def worker(desk: Desk, mongo_url: str, clean_amqp_url: str, channel: Any) -> Iterator["subprocess.Popen[bytes]"]:
    prefix = desk.database.name.removesuffix("_assignment")
    environment = {
        "RELAYDESK_MONGO_URL": mongo_url,
        "RELAYDESK_AMQP_URL": clean_amqp_url,
        "RELAYDESK_DATABASE_PREFIX": prefix,
    }
    process = subprocess.Popen([sys.executable, "-m", "services.assignment.worker"], env={**os.environ, **environment})
    yield process
    process.terminate()
    assert process.wait(20) == 0


def publish(channel: Any, event: Event[Any]) -> None:
    channel.basic_publish(topology.EVENTS, event.type, encode(event), pika.BasicProperties(delivery_mode=2))


@pytest.mark.usefixtures("worker")
def test_a_ticket_is_assigned_ends_and_another_waits_until_an_agent_is_back(desk: Desk, channel: Any) -> None:
    now = utc_now()
    first = replace(TICKET, created_at=now)
    publish(channel, replace(created(1, first), time=now))
    eventually(lambda: desk.loads(), lambda loads: loads == {"cleo": 1})
    publish(channel, replace(resolved(2, first), time=now))
    eventually(lambda: desk.loads(), lambda loads: loads == {})
    for agent_id in ("cleo", "dana"):
        desk.order(partial(change_availability, agent_id, False))
    second = replace(first, id="0190a0a0-0000-7000-8000-000000000002")
    publish(channel, replace(created(1, second), time=now))
    eventually(lambda: desk.announced(second.id), lambda types: types == ["ticket.waiting"])
    desk.order(partial(change_availability, "dana", True))
    eventually(lambda: desk.loads(), lambda loads: loads == {"dana": 1})
    assert desk.database.parked.count_documents({}) == 0
