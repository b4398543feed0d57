from collections.abc import Iterator

import pytest

from tests.conftest import clean


@pytest.fixture(scope="module")
def clean_broker(amqp_url: str) -> Iterator[str]:
    clean(amqp_url)
    yield amqp_url
    clean(amqp_url)
