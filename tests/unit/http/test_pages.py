"""Lists come a page at a time, and each page leads to the next one."""

from typing import Any

import pytest
from flask import Flask, Response
from werkzeug.test import TestResponse

from shared.http import problems
from shared.http.bodies import query
from shared.http.pages import PageSchema, all_of, page

ROWS = [{"_id": f"{letter}"} for letter in "abcde"]


class _Found:
    def __init__(self, rows: list[dict[str, str]]) -> None:
        self._rows = rows

    def sort(self, name: str, order: int) -> "_Found":
        return _Found(sorted(self._rows, key=lambda row: row[name], reverse=order < 0))

    def limit(self, most: int) -> list[dict[str, str]]:
        return self._rows[:most]


class _Collection:
    def find(self, wanted: dict[str, Any], _: Any) -> _Found:
        bounds = wanted.get("_id", {})
        return _Found([row for row in ROWS if bounds.get("$gt", "") < row["_id"] < bounds.get("$lt", "z")])


def asked(path: str) -> TestResponse:
    app = Flask("shelf")
    problems.register(app)

    @app.get("/newest")
    def newest() -> Response:
        return page(_Collection(), {}, query(PageSchema()), lambda row: row["_id"])

    @app.get("/oldest")
    def oldest() -> Response:
        return page(_Collection(), {}, query(PageSchema()), lambda row: row["_id"], newest_first=False)

    @app.get("/short")
    def short() -> Response:
        return all_of("ab")

    return app.test_client().get(path)


@pytest.mark.parametrize(
    ("path", "pages"),
    [
        ("/newest?limit=2", [["e", "d"], ["c", "b"], ["a"]]),
        ("/oldest?limit=2", [["a", "b"], ["c", "d"], ["e"]]),
        ("/newest?limit=5", [["e", "d", "c", "b", "a"]]),
        ("/newest", [["e", "d", "c", "b", "a"]]),
    ],
)
def test_one_gets_from_page_to_page_by_the_header_link(path: str, pages: list[list[str]]) -> None:
    found = []
    while path:
        answer = asked(path)
        found.append(answer.get_json()["data"])
        path, _, rel = answer.headers.get("Link", "").partition("; ")
        assert rel in ("", 'rel="next"')
        path = path.strip("<>")
    assert found == pages
    assert answer.get_json()["next"] is None


def test_one_gets_from_page_to_page_by_the_cursor_too() -> None:
    cursor = asked("/newest?limit=2").get_json()["next"]
    assert asked(f"/newest?limit=2&cursor={cursor}").get_json()["data"] == ["c", "b"]


def test_a_list_that_is_short_is_one_page() -> None:
    assert asked("/short").get_json() == {"data": ["a", "b"], "next": None}


@pytest.mark.parametrize(
    "question",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=1.5",
        "cursor=",
        "cursor=%21",
        "cursor=_w",
        "cursor=" + "a" * 201,
        "page=2",
    ],
)
def test_a_question_about_no_page_is_refused(question: str) -> None:
    answer = asked(f"/newest?{question}")
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, question.partition("=")[0])
