"""Who may do what, tried for each method of each route of each service and each kind of caller: nothing is left out."""

from collections.abc import Mapping

import pytest
from flask import Flask

from tests.security.callers import EVERYBODY
from tests.security.calls import called, path_of
from tests.security.desks import SERVICES
from tests.security.desks.desk import Desk
from tests.security.routes.row import Row
from tests.security.routes.table import TABLE


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_has_one_row_and_every_row_a_route(service: str, the_desks: Mapping[str, Desk]) -> None:
    rows = [(row.method, row.rule) for row in TABLE if row.service == service]
    assert sorted(rows) == sorted(_routes(the_desks[service].app))


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_a_route_lets_in_whom_its_row_names_and_nobody_else(row: Row, the_desks: Mapping[str, Desk]) -> None:
    assert _answered(row, the_desks[row.service]) == {caller: row.expected(caller) for caller in EVERYBODY}


def _answered(row: Row, desk: Desk) -> dict[str, int]:
    """What one was refused the next one asks for: so it shows, too, if a refusal changed it."""
    answered, place = {}, path_of(row, desk)
    for caller in sorted(EVERYBODY):
        answered[caller] = called(row, caller, desk, place).status_code
        if answered[caller] < 400:
            place = path_of(row, desk)
    return answered


def _routes(app: Flask) -> set[tuple[str, str]]:
    unsaid = {"HEAD", "OPTIONS"}
    return {(method, rule.rule) for rule in app.url_map.iter_rules() for method in (rule.methods or set()) - unsaid}
