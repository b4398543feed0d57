import uuid
from collections.abc import Iterator

import pytest

from shared.store.client import connect
from tests.integration.intake_mail.desk import Desk, opened_desk


@pytest.fixture(scope="module")
def desk(mongo_url: str) -> Iterator[Desk]:
    client = connect(mongo_url, "tests")
    database = client[f"test_{uuid.uuid4().hex[:12]}"]
    with opened_desk(database) as desk:
        yield desk
    client.drop_database(database.name)
    client.close()
