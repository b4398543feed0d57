import uuid
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from pymongo import ASCENDING
from pymongo.database import Database

from services.sla import bootstrap, seed
from services.sla.indexes import INDEXES
from shared.store import indexes
from shared.store.client import connect
from shared.store.documents import Document
from shared.store.unit_of_work import UnitOfWork
from tests.support import access


@pytest.fixture
def desk(mongo_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database[Document]]:
    """Sla's database of a desk in Berlin that has just been set up."""
    prefix = f"test_{uuid.uuid4().hex[:12]}"
    monkeypatch.setenv("RELAYDESK_MONGO_URL", mongo_url)
    monkeypatch.setenv("RELAYDESK_DATABASE_PREFIX", prefix)
    monkeypatch.setenv("RELAYDESK_ZONE", "Europe/Berlin")
    client = connect(mongo_url, "tests")
    database = client[f"{prefix}_sla"]
    indexes.create(database, INDEXES)
    seed.seed(UnitOfWork(database, "sla"))
    yield database
    client.drop_database(database.name)
    client.close()


@pytest.fixture
def api(desk: Database[Document]) -> FlaskClient:
    """Speaks as Dana, an administrator."""
    access.give_roles(desk)
    access.seat_agent(desk, "dana", {"*": "administrator"})
    client = bootstrap.app_on(desk, access.door_settings()).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = access.signed_in("agent", "dana")["Authorization"]
    return client


@pytest.fixture
def announced(desk: Database[Document]) -> Callable[[], list[str]]:
    """The types of all events so far but the seed's, ticket by ticket."""
    order = [("subject", ASCENDING), ("sequence", ASCENDING)]
    return lambda: [row["type"] for row in desk["event_log"].find({"subject": {"$ne": "standard"}}).sort(order)]
