"""The floor: an automated life's durable publishes, deliveries and journaled documents, in batches, with no logic.

The steps count what the handlers write and announce for one ticket, as read from their code: keep them equal when a
handler changes. Bodies have the size of our events and documents. One process per service: consume up to 400, one
transaction, publish with pipelined confirms, acknowledge. The queue is filled first; the clock runs from the moment
when all four stages are connected.
"""

import multiprocessing
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
import pika
from pymongo import InsertOne, UpdateOne

from shared.store.client import begin, connect
from shared.store.documents import Document

BATCH = 400
EXCHANGE = "floor.events"
EVENT_PADDING = "e" * 1300
DOCUMENT_PADDING = "d" * 700


@dataclass(frozen=True)
class Step:
    """What one delivery costs: small inserts (inbox, timeline), inserts of whole documents, updates of those."""

    rows: int = 0
    documents: int = 0
    updates: int = 0
    publishes: tuple[str, ...] = ()


STAGES: dict[str, dict[str, Step]] = {
    "intake": {
        # the ticket, its first entry, the submission's verdict, two events
        "submit": Step(documents=5, publishes=("created", "accepted")),
        "assigned": Step(rows=2, updates=1),
        "targets_set": Step(rows=2, updates=1),
    },
    # the assignment, the decision, the event
    "assignment": {"created": Step(rows=1, documents=3, publishes=("assigned",))},
    # the clock, the event
    "sla": {"created": Step(rows=1, documents=2, publishes=("targets_set",)), "assigned": Step(rows=1, updates=1)},
    # a rendered delivery for each
    "notify": {"created": Step(rows=1, documents=1), "assigned": Step(rows=1, documents=1)},
}
DELIVERIES = sum(len(steps) for steps in STAGES.values())
PUBLISHES = sum(len(step.publishes) for steps in STAGES.values() for step in steps.values())


def measure(amqp_url: str, mongo_url: str, lives: int) -> float:
    """Lives a second."""
    prefix = f"floor_{uuid.uuid4().hex[:6]}"
    _prepare(amqp_url, mongo_url, prefix)
    sender = _Channel(amqp_url)
    sender.publish(("", _queue("intake"), "submit", str(n)) for n in range(lives))
    spawn = multiprocessing.get_context("spawn")
    connected = spawn.Barrier(len(STAGES) + 1)
    workers = [
        spawn.Process(target=_run_stage, args=(name, amqp_url, mongo_url, prefix, lives, connected)) for name in STAGES
    ]
    try:
        for worker in workers:
            worker.start()
        connected.wait(60)
        start = time.perf_counter()
        for worker in workers:
            worker.join(600)
        return lives / (time.perf_counter() - start)
    finally:
        _clear(sender, mongo_url, prefix)


def _run_stage(name: str, amqp_url: str, mongo_url: str, prefix: str, lives: int, connected: Any) -> None:
    steps = STAGES[name]
    outgoing, incoming = _Channel(amqp_url), _Channel(amqp_url)
    client = connect(mongo_url, "floor")
    database = client[f"{prefix}_{name}"]
    database.list_collection_names()
    arrived: list[tuple[int, bytes]] = []
    incoming.channel.basic_qos(prefetch_count=2 * BATCH)
    connected.wait(60)
    incoming.channel.basic_consume(
        _queue(name), lambda _, method, __, body: arrived.append((method.delivery_tag, body))
    )
    remaining = lives * len(steps)
    while remaining:
        incoming.connection.process_data_events(0.005)
        batch, arrived[:] = arrived[:BATCH], arrived[BATCH:]
        if not batch:
            continue
        writes: dict[str, list[Any]] = {"documents": [], "rows": []}
        announced: list[tuple[str, str, str, str]] = []
        for _, body in batch:
            event = orjson.loads(body)
            step, ticket = steps[event["type"]], event["ticket"]
            writes["rows"] += [InsertOne({"_id": uuid.uuid4().hex}) for _ in range(step.rows)]
            writes["documents"] += [
                InsertOne(_document(f"{ticket}:{event['type']}:{n}")) for n in range(step.documents)
            ]
            writes["documents"] += [
                UpdateOne({"_id": f"{ticket}:u"}, {"$set": {event["type"]: DOCUMENT_PADDING}}, upsert=True)
                for _ in range(step.updates)
            ]
            announced += [(EXCHANGE, f"floor.{published}", published, ticket) for published in step.publishes]
        with client.start_session() as session:
            begin(session)
            for collection, operations in writes.items():
                if operations:
                    database[collection].bulk_write(operations, ordered=False, session=session)
            session.commit_transaction()
        outgoing.publish(announced)
        incoming.channel.basic_ack(batch[-1][0], multiple=True)
        remaining -= len(batch)
    incoming.connection.process_data_events(0)
    incoming.connection.close()
    outgoing.connection.close()
    client.close()


class _Channel:
    """A channel that publishes with pipelined confirms."""

    def __init__(self, amqp_url: str) -> None:
        self.connection = pika.BlockingConnection(pika.URLParameters(amqp_url))
        self.channel = self.connection.channel()
        self._sent = self._confirmed = 0
        self._early: set[int] = set()
        self.channel._impl.confirm_delivery(self._on_confirm)

    def publish(self, events: Iterable[tuple[str, str, str, str]]) -> None:
        for exchange, routing_key, event_type, ticket in events:
            body = orjson.dumps({"type": event_type, "ticket": ticket, "padding": EVENT_PADDING})
            self.channel._impl.basic_publish(exchange, routing_key, body, pika.BasicProperties(delivery_mode=2))
            self._sent += 1
            if self._sent - self._confirmed > 2000:
                self.connection.process_data_events(0)
        while self._confirmed < self._sent:
            self.connection.process_data_events(0.005)

    def _on_confirm(self, frame: Any) -> None:
        if frame.method.multiple:
            self._confirmed = max(self._confirmed, frame.method.delivery_tag)
        else:
            self._early.add(frame.method.delivery_tag)
        while self._confirmed + 1 in self._early:
            self._confirmed += 1
            self._early.discard(self._confirmed)


def _document(name: str) -> Document:
    return {"_id": name, "padding": DOCUMENT_PADDING}


def _queue(stage: str) -> str:
    return f"floor.{stage}"


def _prepare(amqp_url: str, mongo_url: str, prefix: str) -> None:
    channel = _Channel(amqp_url)
    channel.channel.exchange_declare(EXCHANGE, "topic", durable=True)
    client = connect(mongo_url, "floor")
    for name, steps in STAGES.items():
        channel.channel.queue_declare(_queue(name), durable=True, arguments={"x-queue-type": "quorum"})
        channel.channel.queue_purge(_queue(name))
        for event_type in steps:
            channel.channel.queue_bind(_queue(name), EXCHANGE, f"floor.{event_type}")
        for collection in ("documents", "rows"):
            client[f"{prefix}_{name}"].create_collection(collection)
    channel.connection.close()
    client.close()


def _clear(sender: _Channel, mongo_url: str, prefix: str) -> None:
    client = connect(mongo_url, "floor")
    for name in STAGES:
        sender.channel.queue_delete(_queue(name))
        client.drop_database(f"{prefix}_{name}")
    sender.channel.exchange_delete(EXCHANGE)
    sender.connection.close()
    client.close()
