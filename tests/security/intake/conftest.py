from collections.abc import Iterator

import pytest

from tests.support.intake_desk import Desk, opened_desk


@pytest.fixture(scope="package")
def desk(mongo_url: str) -> Iterator[Desk]:
    """One for all tests here: each brings tickets and senders of its own."""
    with opened_desk(mongo_url) as desk:
        yield desk
