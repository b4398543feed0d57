"""Every hearer is tried on the frozen example of every event that it hears, today's and one with fields to come."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from pymongo.database import Database

from cli import setup
from services.assignment import subscriptions as assignment
from services.intake import subscriptions as intake
from services.notify import subscriptions as notify
from services.sla import subscriptions as sla
from shared.events import examples
from shared.events.envelope import decode
from shared.messaging.topology import EVENTS
from shared.store import indexes
from shared.store.documents import Document
from shared.store.unit_of_work import Done, Seen, UnitOfWork
from shared.worker import work_for

HEARERS = {module.__name__.split(".")[1]: module.SUBSCRIPTIONS for module in (intake, assignment, sla, notify)}
CASES = [(service, row) for service, rows in HEARERS.items() for row in rows]


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELAYDESK_MAIL_SECRET", "a secret of the tests")
    monkeypatch.setenv("RELAYDESK_LINK_SECRET", "another secret of the tests")


@pytest.mark.parametrize(("service", "subscription"), CASES, ids=lambda v: v if isinstance(v, str) else v.type)
def test_takes_the_example(service: str, subscription: Any, database: Database[Document]) -> None:
    indexes.create(database, setup.INDEXES[service])
    unit_of_work = UnitOfWork(database, service)
    if service in setup.SEEDS:
        setup.SEEDS[service](unit_of_work)
    today = orjson.loads((Path(examples.__path__[0]) / f"{subscription.type}.json").read_bytes())
    tomorrow = {**today, "id": today["id"][:-1] + "f", "sequence": 2, "data": {**today["data"], "later": 1}}
    works = [work_for(decode(orjson.dumps(body)), subscription) for body in (today, tomorrow, today)]
    assert unit_of_work.run(works) == [Done(), Done(), Seen()]


@pytest.mark.parametrize("service", HEARERS)
def test_a_queue_is_bound_to_exactly_what_its_service_hears(service: str) -> None:
    [queue] = [q for q in setup.QUEUES if q.name == f"{service}.inbox"]
    assert queue.exchange == EVENTS
    assert set(queue.types) == {row.type for row in HEARERS[service]}
