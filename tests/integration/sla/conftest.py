from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from pymongo import ASCENDING
from pymongo.database import Database

from services.sla import bootstrap, seed
from services.sla.indexes import INDEXES
from shared.store.documents import Document
from shared.store.unit_of_work import UnitOfWork
from tests.support import access
from tests.support.seeded import Seeded, seeded


@pytest.fixture(scope="package")
def new_desk(mongo_url: str) -> Iterator[Seeded]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RELAYDESK_ZONE", "Europe/Berlin")
        with seeded(mongo_url, "sla", INDEXES, lambda database: seed.seed(UnitOfWork(database, "sla"))) as new_desk:
            yield new_desk


@pytest.fixture
def desk(new_desk: Seeded) -> Database[Document]:
    """Sla's database of a desk in Berlin that has just been set up."""
    return new_desk.put_back()


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
