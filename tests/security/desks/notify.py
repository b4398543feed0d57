"""Notify's desk. Its deliveries have failed, so that something can be decided about them."""

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.database import Database

from services.notify.bootstrap import app_on
from services.notify.indexes import INDEXES
from services.notify.subscriptions import SUBSCRIPTIONS
from shared.identifiers import new_id
from shared.settings import DoorSettings
from shared.store import indexes
from shared.store.documents import Document
from shared.store.unit_of_work import UnitOfWork
from shared.worker import work_for
from tests.security import callers
from tests.security.desks.desk import Desk
from tests.unit.notify.cast import CREATED, event


@contextmanager
def desk_on(database: Database[Document], settings: DoorSettings) -> Iterator[Desk]:
    indexes.create(database, INDEXES)
    callers.seat_agents(database)
    unit_of_work = UnitOfWork(database, "notify")
    [written] = [row for row in SUBSCRIPTIONS if row.type == "ticket.created"]

    def failed_delivery() -> str:
        heard = event(CREATED, new_id())
        unit_of_work.run([work_for(heard, written)])
        failed = {"$set": {"state": "failed", "due_at": None, "reason": "550 no such person"}, "$inc": {"revision": 1}}
        database["deliveries"].update_one({"event_id": heard.id}, failed)
        return f"{heard.id}:ticket_received:ana:email"

    yield Desk(app_on(database, settings), database, {"delivery_id": failed_delivery})
