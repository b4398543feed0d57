"""A row of the table as a request."""

from collections.abc import Mapping
from typing import Any

from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.security.desks.desk import Desk
from tests.security.routes.row import Row


def called(row: Row, caller: str, desk: Desk, objects: Mapping[str, Any] | None = None) -> TestResponse:
    """`objects`: what the path names, from `made_for`; None: made for this call alone."""
    values = made_for(row, desk) if objects is None else objects
    path = desk.app.url_map.bind("").build(_rule(row, desk).endpoint, values, row.method)
    sent = {**desk.sends(caller, values), **row.headers}
    body = row.body() if callable(row.body) else row.body
    content = {"data": body} if isinstance(body, bytes) else {"json": body}
    return desk.app.test_client().open(path, method=row.method, headers=sent, buffered=True, **content)


def made_for(row: Row, desk: Desk) -> dict[str, Any]:
    return {
        name: row.values[name] if name in row.values else desk.makers[row.made_by.get(name, name)]()
        for name in _rule(row, desk).arguments
    }


def _rule(row: Row, desk: Desk) -> Rule:
    [rule] = [r for r in desk.app.url_map.iter_rules() if r.rule == row.rule and row.method in (r.methods or set())]
    return rule
