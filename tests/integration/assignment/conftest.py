import os
import uuid
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from pymongo.database import Database

from services.assignment import api
from services.assignment.indexes import INDEXES
from services.assignment.seed import issue_first_key, seed, seed_sample
from shared.http.application import Commands, create_app
from shared.store import indexes
from shared.store.client import connect
from shared.store.documents import Document
from tests.integration.assignment.desk import Desk


@pytest.fixture
def database() -> Iterator[Database[Document]]:
    """An empty database of a seeded desk: Ben and Erik in support, Dana in infrastructure, Cleo in both."""
    client = connect(os.environ["RELAYDESK_TEST_MONGO_URL"], "tests")
    database = client[f"test_{uuid.uuid4().hex[:12]}_assignment"]
    indexes.create(database, INDEXES)
    yield database
    client.drop_database(database.name)
    client.close()


@pytest.fixture
def desk(database: Database[Document]) -> Desk:
    desk = Desk(database)
    seed(desk.door)
    seed_sample(desk.door)
    return desk


@pytest.fixture
def web(desk: Desk) -> FlaskClient:
    """The HTTP door, as somebody with the first key sees it."""
    app = create_app("assignment", desk.database)
    api.register(app, desk.database, Commands(desk.door))
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {issue_first_key(desk.door, 'the first')}"
    return client
