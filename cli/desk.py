"""The help desk's databases and broker as the environment names them, for commands that look behind the doors.

They read the same settings as the services (RELAYDESK_MONGO_URL, RELAYDESK_AMQP_URL, RELAYDESK_DATABASE_PREFIX), with
an account that may see all four databases and all queues.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pika
from environs import FileAwareEnv
from pika.exceptions import AMQPConnectionError
from pymongo import MongoClient
from pymongo.database import Database

from cli.failures import found_wrong
from cli.servers import servers
from shared.events.catalogue import PUBLISHERS
from shared.store.client import connect
from shared.store.documents import Document
from shared.store.event_log import EVENT_LOG

SERVICES = tuple(PUBLISHERS)


@dataclass(frozen=True)
class Desk:
    client: MongoClient[Document]
    databases: dict[str, Database[Document]]  # by service
    amqp_url: str

    def missing(self) -> dict[str, str]:
        """By service: its database, where that has no event log. `relaydesk setup` makes them all."""
        return {s: at.name for s, at in self.databases.items() if EVENT_LOG not in at.list_collection_names()}

    def must_be_there(self) -> None:
        if missing := self.missing():
            raise found_wrong(
                f"There is no desk here: no event log in {', '.join(missing.values())}. RELAYDESK_MONGO_URL and"
                " RELAYDESK_DATABASE_PREFIX say where it is."
            )

    @contextmanager
    def broker(self) -> Iterator[pika.BlockingConnection]:
        """A connection for looking and for short work."""
        parameters = pika.URLParameters(self.amqp_url)
        try:
            socket.create_connection((parameters.host, parameters.port), timeout=5).close()
        except OSError as error:  # pika would not say why
            raise AMQPConnectionError(f"{parameters.host}:{parameters.port}: {error}") from error
        connection = pika.BlockingConnection(parameters)
        try:
            yield connection
        finally:
            if connection.is_open:
                connection.close()


@contextmanager
def opened() -> Iterator[Desk]:
    where = {service: servers(FileAwareEnv(), service) for service in SERVICES}
    any_service = where[SERVICES[0]]
    with connect(any_service.mongo_url, "cli") as client:
        yield Desk(client, {s: client[at.database] for s, at in where.items()}, any_service.amqp_url)
