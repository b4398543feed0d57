from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from pymongo.database import Database

from services.assignment.bootstrap import app_on
from services.assignment.indexes import INDEXES
from services.assignment.seed import issue_first_key, seed, seed_sample
from services.assignment.settings import AccountSettings
from shared.store.documents import Document
from tests.integration.assignment.desk import LINK_SECRET, Desk
from tests.support import access
from tests.support.seeded import Seeded, seeded


@pytest.fixture(scope="package")
def new_desk(mongo_url: str) -> Iterator[Seeded]:
    def team(database: Database[Document]) -> None:
        door = Desk(database).door
        seed(door)
        seed_sample(door)

    with seeded(mongo_url, "assignment", INDEXES, team) as new_desk:
        yield new_desk


@pytest.fixture
def desk(new_desk: Seeded) -> Desk:
    """Ben and Erik in support, Dana in infrastructure, Cleo in both."""
    return Desk(new_desk.put_back())


@pytest.fixture
def web(desk: Desk) -> FlaskClient:
    """The HTTP door, as somebody with the first key sees it."""
    app = app_on(desk.database, access.door_settings(), AccountSettings(access.signing_key("agent"), LINK_SECRET))
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {issue_first_key(desk.door, 'the first')}"
    return client
