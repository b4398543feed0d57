from collections.abc import Iterator

import pytest

from tests.security import desks
from tests.security.desks import Desk


@pytest.fixture(scope="package")
def the_desks(mongo_url: str) -> Iterator[dict[str, Desk]]:
    """Every service's API, each on a database of its own."""
    with desks.opened_all(mongo_url) as opened:
        yield opened
