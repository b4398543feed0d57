"""A service of one document per ticket, small enough that what the core does to it can be counted.

It hears `ticket.created` and announces `ticket.assigned`, as a worker process of its own: `python -m … MONGO AMQP DB`.
"""

import sys
from datetime import datetime
from typing import Any

from pymongo import IndexModel
from pymongo.database import Database

from shared import logs
from shared.events.assignment import TicketAssigned
from shared.events.envelope import Event
from shared.events.intake import TicketCreated
from shared.events.ticket import Actor, Department, Person
from shared.messaging.subscription import Subscription
from shared.messaging.topology import EVENTS, Queue
from shared.store.client import connect
from shared.store.documents import Announcement, Changes, Document, Documents, Key
from shared.worker import Service, Worker

QUEUES = (Queue("tally.inbox", EVENTS, ("ticket.created",)), Queue("tally.announced", EVENTS, ("ticket.assigned",)))
INDEXES = {"tallies": [IndexModel([("number", 1)], unique=True)]}
BEN = Person("ben", "Ben", "ben@desk.example")


class HandlerRaised(Exception):
    """What the handler does with a subject of "raise"."""


def count(event: Event[TicketCreated], documents: Documents, now: datetime) -> Changes:
    ticket = event.data.ticket
    if ticket.subject == "raise":
        raise HandlerRaised("this one can't be handled")
    known = documents.get("tallies", ticket.id) or {"_id": ticket.id, "number": ticket.number, "count": 0, "version": 0}
    tally: Document = {**known, "count": known["count"] + 1, "version": known["version"] + 1}
    if ticket.subject == "too large":
        tally["weight"] = "x" * (17 * 1024 * 1024)
    announced = TicketAssigned(
        ticket, Actor("system", "tally"), BEN, Department("support", "Support"), "allocated", "decision", 0.0
    )
    return Changes([("tallies", tally)], events=[Announcement(announced, ticket.id, tally["version"], now)])


def keys(event: Event[Any]) -> list[Key]:
    return [Key("tallies", event.data.ticket.id)]


SUBSCRIPTIONS = (Subscription("ticket.created", keys, count),)


def service(database: Database[Document], amqp_url: str) -> Service:
    return Service("tally", database, amqp_url, ["tally.inbox"], SUBSCRIPTIONS)


if __name__ == "__main__":
    logs.configure("tally")
    mongo_url, amqp_url, name = sys.argv[1:]
    Worker(service(connect(mongo_url, "tally")[name], amqp_url)).run()
