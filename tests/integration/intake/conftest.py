from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from pymongo.database import Database

from shared.store.documents import Document
from shared.store.unit_of_work import UnitOfWork
from tests.support.intake_desk import Desk, opened_desk


@pytest.fixture(scope="package")
def desk(mongo_url: str) -> Iterator[Desk]:
    """One for all tests here: each brings tickets and senders of its own."""
    with opened_desk(mongo_url) as desk:
        yield desk


@pytest.fixture(scope="package")
def database(desk: Desk) -> Database[Document]:
    return desk.database


@pytest.fixture
def unit_of_work(database: Database[Document]) -> UnitOfWork:
    return UnitOfWork(database, "intake")


@pytest.fixture(scope="package")
def client(desk: Desk) -> FlaskClient:
    """With an administrator's API key."""
    return desk.client
