"""The desk of each service. A service that gets a door gets a module here."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager

import pytest
from pymongo.database import Database

from shared.settings import DoorSettings
from shared.store.client import connect
from shared.store.documents import Document
from tests.security.desks import assignment, intake, notify, sla
from tests.security.desks.desk import Desk
from tests.support import access

_OPEN: Mapping[str, Callable[[Database[Document], DoorSettings], AbstractContextManager[Desk]]] = {
    "intake": intake.desk_on,
    "assignment": assignment.desk_on,
    "sla": sla.desk_on,
    "notify": notify.desk_on,
}
SERVICES = tuple(_OPEN)


@contextmanager
def opened_all(mongo_url: str) -> Iterator[Mapping[str, Desk]]:
    """By service."""
    with ExitStack() as leaving, pytest.MonkeyPatch.context() as environment:
        environment.setenv("RELAYDESK_MAIL_SECRET", "a secret of the tests")
        environment.setenv("RELAYDESK_LINK_SECRET", "another secret of the tests")
        client = leaving.enter_context(connect(mongo_url, "tests"))
        prefix = f"test_{uuid.uuid4().hex[:12]}"
        opened = {}
        for service, desk_on in _OPEN.items():
            database = client[f"{prefix}_{service}"]
            leaving.callback(client.drop_database, database.name)
            opened[service] = leaving.enter_context(desk_on(database, access.door_settings()))
        yield opened
