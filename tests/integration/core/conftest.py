import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo.database import Database

from shared.store import indexes
from shared.store.client import connect
from shared.store.documents import Document
from tests.integration.core import tally


@pytest.fixture
def database(mongo_url: str) -> Iterator[Database[Document]]:
    client = connect(mongo_url, "tests")
    database = client[f"test_{uuid.uuid4().hex[:12]}"]
    indexes.create(database, tally.INDEXES)
    yield database
    client.drop_database(database.name)
    client.close()


@pytest.fixture
def fail_command(database: Database[Document]) -> Iterator[Any]:
    """Sets mongod's fail point for this test's client."""
    admin = database.client.admin

    def set_to(mode: Any, **data: Any) -> None:
        admin.command("configureFailPoint", "failCommand", mode=mode, data={"appName": "tests", **data})

    yield set_to
    admin.command("configureFailPoint", "failCommand", mode="off")
