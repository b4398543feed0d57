"""Who may do what, tried for each method of each route of each service and each kind of caller: nothing is left out."""

import pytest
from flask import Flask

from tests.security import routes_notify, routes_sla
from tests.security.callers import EVERYBODY
from tests.security.desks import SERVICES, Desk
from tests.security.routes import Row

TABLE = (*routes_sla.ROWS, *routes_notify.ROWS)


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_has_one_row_and_every_row_a_route(service: str, the_desks: dict[str, Desk]) -> None:
    rows = [(row.method, row.rule) for row in TABLE if row.service == service]
    assert sorted(rows) == sorted(_routes(the_desks[service].app))


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_a_route_lets_in_whom_its_row_names_and_nobody_else(row: Row, the_desks: dict[str, Desk]) -> None:
    answered = {caller: _status(row, caller, the_desks[row.service]) for caller in sorted(EVERYBODY)}
    assert answered == {caller: row.expected(caller) for caller in sorted(EVERYBODY)}


def _routes(app: Flask) -> set[tuple[str, str]]:
    unsaid = {"HEAD", "OPTIONS"}
    return {(method, rule.rule) for rule in app.url_map.iter_rules() for method in (rule.methods or set()) - unsaid}


def _status(row: Row, caller: str, desk: Desk) -> int:
    sent = {**desk.headers[caller], **row.headers}
    return desk.app.test_client().open(_path(row, desk), method=row.method, json=row.body, headers=sent).status_code


def _path(row: Row, desk: Desk) -> str:
    [rule] = [r for r in desk.app.url_map.iter_rules() if r.rule == row.rule and row.method in (r.methods or set())]
    values = {name: row.values[name] if name in row.values else desk.values[name]() for name in rule.arguments}
    return desk.app.url_map.bind("").build(rule.endpoint, values, row.method)
