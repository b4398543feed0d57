from collections.abc import Iterator

import pytest

from tests.security import desks
from tests.security.desks import Desk


@pytest.fixture(scope="package")
def the_desks(mongo_url: str) -> Iterator[dict[str, Desk]]:
    """Every service's API, each on a database of its own."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RELAYDESK_MAIL_SECRET", "a secret of the tests")
        environment.setenv("RELAYDESK_LINK_SECRET", "another secret of the tests")
        with desks.opened_all(mongo_url) as opened:
            yield opened
