"""SIGTERM: what is in hand is finished, the rest is left to whoever comes next, and all that within 20 seconds."""

import json
import signal
import socket
from urllib.parse import urlsplit

import pika
from pymongo import MongoClient

from shared.events.envelope import encode
from tests.integration.core.events import ticket_created
from tests.integration.seen.running.conftest import Seen
from tests.support.eventually import eventually

HALF = 100  # of the events


def test_a_request_in_flight_is_answered(seen: Seen) -> None:
    api = seen.helpdesk.processes["intake-api"]
    where = urlsplit(seen.urls["intake-api"])
    ana = {"address": "in-flight@people.example", "name": "Ana"}
    body = json.dumps({"requester": ana, "subject": "Just now", "text": "Before you go.", "topic": "network"}).encode()
    head = (
        f"POST /v1/tickets HTTP/1.1\r\nHost: {where.netloc}\r\nAuthorization: Bearer {seen.helpdesk.key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=20) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 100 Continue")
        api.send(signal.SIGTERM)
        eventually(lambda: "Handling signal: term" in (seen.folder / "intake-api.log").read_text())
        connection.sendall(body)
        answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 201 ")
    assert api.process is not None
    assert api.process.wait(20) == 0
    api.start()
    seen.wait_up("intake-api")


def test_a_worker_under_load_ends_its_batch_and_the_next_one_goes_on(seen: Seen) -> None:
    """It is frozen while its work is doubled: so the signal finds it in the middle, however fast it is."""
    worker = seen.helpdesk.processes["sla-worker"]
    prefix = seen.helpdesk.environment["RELAYDESK_DATABASE_PREFIX"]
    with MongoClient[dict[str, object]](seen.helpdesk.brokers.mongo_url) as client:
        clocks = client[f"{prefix}_sla"]["clocks"]
        loaded = {"shown.ticket.snapshot.subject": "under load"}
        publish(seen, HALF)
        eventually(lambda: clocks.count_documents(loaded, limit=1))
        worker.send(signal.SIGSTOP)
        publish(seen, HALF)
        worker.send(signal.SIGTERM)
        worker.send(signal.SIGCONT)
        assert worker.process is not None
        assert worker.process.wait(20) == 0
        assert 1 <= clocks.count_documents(loaded) <= HALF
        worker.start()
        eventually(lambda: clocks.count_documents(loaded), lambda n: n == 2 * HALF, within=80)
    seen.wait_up("sla-worker")


def publish(seen: Seen, events: int) -> None:
    """For sla alone: assignment would give the agents more than they can have."""
    with pika.BlockingConnection(pika.URLParameters(seen.helpdesk.brokers.amqp_url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        for number in range(events):
            body = encode(ticket_created(str(number), subject="under load"))
            channel.basic_publish("", "sla.inbox", body, pika.BasicProperties(delivery_mode=2))
