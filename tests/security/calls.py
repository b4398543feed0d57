"""A row of the table as a request."""

from typing import Any

from werkzeug.test import TestResponse

from tests.security.desks.desk import Desk
from tests.security.routes.row import Row

Place = tuple[str, dict[str, Any]]


def called(row: Row, caller: str, desk: Desk, place: Place | None = None) -> TestResponse:
    """Of an object that is made for it, if none is named."""
    path, values = place or path_of(row, desk)
    sent = {**desk.sends(caller, values), **row.headers}
    body = row.body() if callable(row.body) else row.body
    content = {"data": body} if isinstance(body, bytes) else {"json": body}
    return desk.app.test_client().open(path, method=row.method, headers=sent, buffered=True, **content)


def path_of(row: Row, desk: Desk) -> Place:
    """The path to an object that is made for it, and the values in it."""
    [rule] = [r for r in desk.app.url_map.iter_rules() if r.rule == row.rule and row.method in (r.methods or set())]
    values = {
        name: row.values[name] if name in row.values else desk.makers[row.made_by.get(name, name)]()
        for name in rule.arguments
    }
    return desk.app.url_map.bind("").build(rule.endpoint, values, row.method), values
