"""Sla's desk."""

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.database import Database

from services.sla.bootstrap import app_on
from services.sla.indexes import INDEXES
from services.sla.seed import seed
from services.sla.subscriptions import SUBSCRIPTIONS
from shared.identifiers import new_id
from shared.settings import DoorSettings
from shared.store import indexes
from shared.store.documents import Document
from shared.store.unit_of_work import UnitOfWork
from shared.worker import work_for
from tests.security import callers
from tests.security.desks.desk import Desk
from tests.support.sla_cast import Life


@contextmanager
def desk_on(database: Database[Document], settings: DoorSettings) -> Iterator[Desk]:
    indexes.create(database, INDEXES)
    callers.seat_agents(database)
    unit_of_work = UnitOfWork(database, "sla")
    seed(unit_of_work)
    life = Life()
    table = {row.type: row for row in SUBSCRIPTIONS}
    for heard in (life.created(), life.assigned(life.created_at)):
        unit_of_work.run([work_for(heard, table[heard.type])])
    yield Desk(app_on(database, settings), database, {"ticket_id": lambda: life.id, "name": new_id})
