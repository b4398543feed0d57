"""Missing authorization (CWE-862): what nobody has been allowed, nobody may."""

from collections.abc import Mapping

import pytest

from shared.access.permissions import ALL, PUBLIC, SIGNED_IN
from tests.security.desks import SERVICES
from tests.security.desks.desk import Desk
from tests.support import access
from tests.unit.http.kiosk import database, kiosk


def test_a_route_that_does_not_say_what_it_needs_lets_nobody_in() -> None:
    rows = database()
    access.give_roles(rows)
    access.seat_agent(rows, "dana", {"*": "administrator"})
    web = kiosk(rows)
    assert web.get("/v1/till").status_code == 401
    for headers in (
        access.signed_in("agent", "dana"),
        access.key_with(rows, "administrator"),
        access.signed_in("requester", "ana"),
    ):
        refused = web.get("/v1/till", headers=headers)
        assert refused.status_code == 403
        assert "money" not in refused.get_data(as_text=True)


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_says_what_it_needs(service: str, the_desks: Mapping[str, Desk]) -> None:
    needs = {name: getattr(view, "action", None) for name, view in the_desks[service].app.view_functions.items()}
    assert [name for name, action in needs.items() if action not in ALL | {PUBLIC, SIGNED_IN, "open"}] == []


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override", "X-Original-URL", "X-Rewrite-URL"])
def test_no_header_turns_a_request_into_another_one(header: str, service: str, the_desks: Mapping[str, Desk]) -> None:
    web = the_desks[service].app.test_client()
    assert web.get("/v1/nothing", headers={header: "/healthz"}).status_code == 401
    assert web.post("/healthz", headers={header: "GET"}).status_code == 401
