import os
import uuid
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from pymongo.database import Database

from services.intake.bootstrap import build_app
from services.intake.indexes import INDEXES
from services.intake.seed import seed
from shared.access import new_key
from shared.settings import Addresses
from shared.store import indexes
from shared.store.client import connect
from shared.store.documents import Document
from shared.store.unit_of_work import UnitOfWork


@pytest.fixture(scope="session")
def settings() -> Addresses:
    mongo_url = os.environ["RELAYDESK_TEST_MONGO_URL"]
    return Addresses(mongo_url, "amqp://unused.example", f"test_{uuid.uuid4().hex[:12]}_intake")


@pytest.fixture(scope="session")
def database(settings: Addresses) -> Iterator[Database[Document]]:
    """One for all tests here: each brings tickets and senders of its own."""
    client = connect(settings.mongo_url, "tests")
    database = client[settings.database]
    indexes.create(database, INDEXES)
    seed(UnitOfWork(database, "intake"))
    database["agents"].insert_one({"_id": "ben", "name": "Ben", "active": True, "sequence": 1, "revision": 1})
    database["agents"].insert_one({"_id": "gone", "name": "Gus", "active": False, "sequence": 1, "revision": 1})
    yield database
    client.drop_database(database.name)
    client.close()


@pytest.fixture
def unit_of_work(database: Database[Document]) -> UnitOfWork:
    return UnitOfWork(database, "intake")


@pytest.fixture(scope="session")
def client(settings: Addresses, database: Database[Document]) -> FlaskClient:
    """An API client with a valid key."""
    key_id, key, secret_sha256 = new_key()
    row: Document = {
        "name": "Web form",
        "secret_sha256": secret_sha256,
        "scopes": [],
        "expires_at": None,
        "revision": 1,
    }
    database["api_keys"].insert_one({"_id": key_id, "revision": 1, **row})
    client = build_app(settings, "a secret for tests only").test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return client
