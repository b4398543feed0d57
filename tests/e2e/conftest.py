"""A help desk of real processes for each story; every test opens tickets of its own."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.conftest import clean
from tests.support import stack
from tests.support.brokers import MANAGEMENT_VARIABLE, Brokers
from tests.support.stack import Helpdesk


@pytest.fixture(scope="module")
def helpdesk(the_brokers: Brokers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helpdesk]:
    clean(the_brokers.amqp_url)
    with stack.running(the_brokers, tmp_path_factory.mktemp("helpdesk"), RELAYDESK_SENDER_LEASE="4s") as helpdesk:
        yield helpdesk
    clean(the_brokers.amqp_url)


@dataclass(frozen=True)
class Accounts:
    """The addresses of the broker that an operator hands out."""

    submitter: str
    listener: str


@pytest.fixture(scope="module")
def accounts(helpdesk: Helpdesk) -> Accounts:
    if helpdesk.brokers.management_url is None:
        pytest.skip(f"setup makes no accounts without RabbitMQ's management API: set {MANAGEMENT_VARIABLE}")
    return Accounts(helpdesk.account("submitter"), helpdesk.account("listener"))
