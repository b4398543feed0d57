"""A row of the table as a request."""

from werkzeug.test import TestResponse

from tests.security.desks import Desk
from tests.security.routes import Row


def called(row: Row, caller: str, desk: Desk) -> TestResponse:
    sent = {**desk.headers[caller], **row.headers}
    return desk.app.test_client().open(path_of(row, desk), method=row.method, json=row.body, headers=sent)


def path_of(row: Row, desk: Desk) -> str:
    [rule] = [r for r in desk.app.url_map.iter_rules() if r.rule == row.rule and row.method in (r.methods or set())]
    values = {name: row.values[name] if name in row.values else desk.values[name]() for name in rule.arguments}
    return desk.app.url_map.bind("").build(rule.endpoint, values, row.method)
