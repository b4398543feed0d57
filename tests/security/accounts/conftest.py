from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.integration.assignment.conftest import desk, new_desk, web
from tests.integration.assignment.desk import Desk

__all__ = ["ben", "desk", "door", "new_desk", "password", "web"]


@pytest.fixture
def door(web: FlaskClient) -> FlaskClient:
    """Assignment's HTTP door, as a stranger sees it."""
    return web.application.test_client()


@pytest.fixture
def password() -> str:
    return "seven quiet lighthouses"


@pytest.fixture
def ben(desk: Desk, door: FlaskClient, password: str) -> Any:
    """What Ben was answered when he chose this password."""
    return door.post(f"/v1/invitations/{desk.invite('ben')}", json={"password": password})
