import pytest
from flask.testing import FlaskClient
from pymongo.database import Database

from shared.store.documents import Document
from tests.support import access
from tests.unit.http import kiosk


@pytest.fixture
def rows() -> Database[Document]:
    """Vera may look in infrastructure, Erik does more in support, Dana is administrator, Gus was one."""
    rows = kiosk.database()
    access.give_roles(rows)
    access.seat_agent(rows, "vera", {"infrastructure": "view_only"})
    access.seat_agent(rows, "erik", {"support": "expanded"})
    access.seat_agent(rows, "ben", {"support": "expanded"})
    access.seat_agent(rows, "dana", {"*": "administrator"})
    access.seat_agent(rows, "gus", {"*": "administrator"}, is_active=False)
    return rows


@pytest.fixture
def web(rows: Database[Document]) -> FlaskClient:
    return kiosk.kiosk(rows)
