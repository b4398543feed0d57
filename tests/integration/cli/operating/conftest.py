"""A running help desk of real processes, and an operator at its command line."""

from collections.abc import Iterator

import pytest

from tests.conftest import clean
from tests.support import stack
from tests.support.brokers import Brokers
from tests.support.operator import Operator
from tests.support.stack import Helpdesk


@pytest.fixture(scope="package")
def helpdesk(the_brokers: Brokers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helpdesk]:
    clean(the_brokers.amqp_url)
    with stack.running(the_brokers, tmp_path_factory.mktemp("operating")) as helpdesk:
        yield helpdesk
    clean(the_brokers.amqp_url)


@pytest.fixture
def operator(helpdesk: Helpdesk) -> Operator:
    return Operator.of(helpdesk)
