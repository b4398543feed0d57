"""Each service's API in process, on a database of its own that has been set up and has heard of one ticket."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from pymongo.database import Database

from services.notify import bootstrap as notify
from services.notify import indexes as notify_indexes
from services.notify import subscriptions as notify_subscriptions
from services.sla import bootstrap as sla
from services.sla import indexes as sla_indexes
from services.sla import seed as sla_seed
from services.sla import subscriptions as sla_subscriptions
from shared.identifiers import new_id
from shared.settings import DoorSettings
from shared.store import indexes
from shared.store.client import connect
from shared.store.documents import Document
from shared.store.unit_of_work import UnitOfWork
from shared.worker import work_for
from tests.security import callers
from tests.support import access
from tests.support.access import Headers
from tests.support.sla_cast import Life
from tests.unit.notify.cast import CREATED, event

Values = Mapping[str, Callable[[], str]]


@dataclass(frozen=True)
class Desk:
    """`values`: for each name in a path, what makes an object of which it is the id; `headers` by caller."""

    app: Flask
    database: Database[Document]
    headers: Mapping[str, Headers]
    values: Values


@contextmanager
def opened(service: str, mongo_url: str, settings: DoorSettings | None = None) -> Iterator[Desk]:
    client = connect(mongo_url, "tests")
    database = client[f"test_{uuid.uuid4().hex[:12]}_{service}"]
    app, values = _OPEN[service](database, settings or access.door_settings())
    yield Desk(app, database, callers.headers(database, values["ticket_id"]()), values)
    client.drop_database(database.name)
    client.close()


@contextmanager
def opened_all(mongo_url: str) -> Iterator[dict[str, Desk]]:
    with ExitStack() as leaving, pytest.MonkeyPatch.context() as environment:
        environment.setenv("RELAYDESK_MAIL_SECRET", "a secret of the tests")
        environment.setenv("RELAYDESK_LINK_SECRET", "another secret of the tests")
        yield {service: leaving.enter_context(opened(service, mongo_url)) for service in SERVICES}


def _sla(database: Database[Document], settings: DoorSettings) -> tuple[Flask, Values]:
    indexes.create(database, sla_indexes.INDEXES)
    callers.seat_agents(database)
    unit_of_work = UnitOfWork(database, "sla")
    sla_seed.seed(unit_of_work)
    life = Life()
    table = {row.type: row for row in sla_subscriptions.SUBSCRIPTIONS}
    for heard in (life.created(), life.assigned(life.created_at)):
        unit_of_work.run([work_for(heard, table[heard.type])])
    return sla.app_on(database, settings), {"ticket_id": lambda: life.id, "name": new_id}


def _notify(database: Database[Document], settings: DoorSettings) -> tuple[Flask, Values]:
    indexes.create(database, notify_indexes.INDEXES)
    callers.seat_agents(database)
    unit_of_work = UnitOfWork(database, "notify")
    table = {row.type: row for row in notify_subscriptions.SUBSCRIPTIONS}

    def failed_delivery() -> str:
        heard = event(CREATED, new_id())
        unit_of_work.run([work_for(heard, table[heard.type])])
        failed = {"$set": {"state": "failed", "due_at": None, "reason": "550 no such person"}, "$inc": {"revision": 1}}
        database["deliveries"].update_one({"event_id": heard.id}, failed)
        return f"{heard.id}:ticket_received:ana:email"

    return notify.app_on(database, settings), {"ticket_id": lambda: CREATED.ticket.id, "delivery_id": failed_delivery}


_OPEN: Mapping[str, Callable[[Database[Document], DoorSettings], tuple[Flask, Values]]] = {
    "sla": _sla,
    "notify": _notify,
}
SERVICES = tuple(_OPEN)
