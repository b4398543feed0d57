"""Keeps a table of Relaydesk's tickets up to date, in a SQLite file.

    pip install "pika<2"
    python listen.py amqp://listener:PASSWORD@desk.example crm tickets.db

An event may come twice, or after a later one. It is remembered by its id in the transaction in which it has its effect,
and a lower sequence never overwrites a higher one.
"""

import json
import sqlite3
import sys
import time
from typing import Any

import pika
from pika.exceptions import AMQPError

# All from one source, intake: only the sequence numbers of one source and subject can be compared.
TYPES = ("ticket.created", "ticket.triaged", "ticket.edited", "ticket.resolved", "ticket.reopened", "ticket.closed")

TABLES = """
CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS tickets (id TEXT PRIMARY KEY, sequence INTEGER, number TEXT, status TEXT, subject TEXT);
"""
NEWER = """
INSERT INTO tickets VALUES (:id, :sequence, :number, :status, :subject)
ON CONFLICT (id) DO UPDATE SET sequence = :sequence, status = :status, subject = :subject WHERE :sequence > sequence
"""


def take(database: sqlite3.Connection, event: dict[str, Any]) -> None:
    with database:
        if database.execute("INSERT OR IGNORE INTO seen VALUES (?)", (event["id"],)).rowcount:
            ticket = event["data"]["ticket"]  # the whole ticket, as it was then: no earlier event is needed
            shown = {name: ticket[name] for name in ("id", "number", "status", "subject")}
            database.execute(NEWER, {**shown, "sequence": event["sequence"]})


def listen(url: str, name: str, database: sqlite3.Connection) -> None:
    def on_event(channel: Any, method: Any, _properties: Any, body: bytes) -> None:
        take(database, json.loads(body))
        channel.basic_ack(method.delivery_tag)

    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        queue = f"listener.{name}"
        channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
        for event_type in TYPES:
            channel.queue_bind(queue, "helpdesk.events", event_type)
        channel.basic_qos(prefetch_count=100)
        channel.basic_consume(queue, on_event)
        print(f"listening on {queue}", flush=True)
        channel.start_consuming()


def main(url: str, name: str, path: str) -> None:
    database = sqlite3.connect(path)
    database.executescript(TABLES)
    while True:
        try:
            listen(url, name, database)
        except AMQPError as error:
            print(f"the broker: {error!r}; trying again in 5 s", file=sys.stderr)
            time.sleep(5)


if __name__ == "__main__":
    main(*sys.argv[1:])
