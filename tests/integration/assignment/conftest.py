import uuid
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from pymongo.database import Database

from services.assignment.bootstrap import app_on
from services.assignment.indexes import INDEXES
from services.assignment.seed import issue_first_key, seed, seed_sample
from services.assignment.settings import AccountSettings
from shared.store import indexes
from shared.store.client import connect
from shared.store.documents import Document
from tests.integration.assignment.desk import LINK_SECRET, Desk
from tests.support import access


@pytest.fixture
def database(mongo_url: str) -> Iterator[Database[Document]]:
    """A database of this test's own, named as the service would name it."""
    client = connect(mongo_url, "tests")
    database = client[f"test_{uuid.uuid4().hex[:12]}_assignment"]
    indexes.create(database, INDEXES)
    yield database
    client.drop_database(database.name)
    client.close()


@pytest.fixture
def desk(database: Database[Document]) -> Desk:
    """Seeded: Ben and Erik in support, Dana in infrastructure, Cleo in both."""
    desk = Desk(database)
    seed(desk.door)
    seed_sample(desk.door)
    return desk


@pytest.fixture
def web(desk: Desk) -> FlaskClient:
    """The HTTP door, as somebody with the first key sees it."""
    app = app_on(desk.database, access.door_settings(), AccountSettings(access.signing_key("agent"), LINK_SECRET))
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {issue_first_key(desk.door, 'the first')}"
    return client
