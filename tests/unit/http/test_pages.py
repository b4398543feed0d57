"""Lists come a page at a time, and each page leads to the next one."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from operator import itemgetter
from typing import Any

import pytest
from flask import Flask, Response
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from shared.http import problems
from shared.http.answers import encoded
from shared.http.bodies import query
from shared.http.pages import PageSchema, all_of, page

ROWS = [{"_id": f"{letter}"} for letter in "abcde"]


class _Found:
    def __init__(self, rows: list[dict[str, str]]) -> None:
        self._rows = rows

    def sort(self, name: str, order: int) -> "_Found":
        return _Found(sorted(self._rows, key=lambda row: row[name], reverse=order < 0))

    def limit(self, most: int) -> "_Found":
        return _Found(self._rows[:most])

    def batch_size(self, _: int) -> "AbstractContextManager[Iterator[dict[str, str]]]":
        return nullcontext(iter(self._rows))


class _Collection:
    def __init__(self, rows: list[dict[str, str]]) -> None:
        self._rows = rows

    def find(self, wanted: dict[str, Any], _: Any) -> _Found:
        bounds = wanted.get("_id", {})
        return _Found([row for row in self._rows if bounds.get("$gt", "") < row["_id"] < bounds.get("$lt", "z")])


def asked(path: str, rows: list[dict[str, str]] = ROWS, show: Callable[[Any], Any] = itemgetter("_id")) -> TestResponse:
    app = Flask("shelf")
    problems.register(app)

    @app.get("/newest")
    def newest() -> Response:
        return page(_Collection(rows), {}, query(PageSchema()), show)

    @app.get("/oldest")
    def oldest() -> Response:
        return page(_Collection(rows), {}, query(PageSchema()), show, newest_first=False)

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
    answers = leafed_through(path)
    assert [answer.get_json()["data"] for answer in answers] == pages
    assert answers[-1].get_json()["next"] is None


@pytest.mark.parametrize(
    ("path", "pages"),
    [
        ("/oldest?limit=100", [["a", "b"], ["c"], ["d", "e"]]),
        ("/newest?limit=100", [["e", "d"], ["c"], ["b", "a"]]),
        ("/oldest?limit=1", [["a"], ["b"], ["c"], ["d"], ["e"]]),
    ],
)
def test_a_page_ends_before_it_has_more_than_a_mebibyte(path: str, pages: list[list[str]]) -> None:
    half = 512 * 1024
    rows = sized({"a": half, "b": half, "c": 3 * half, "d": 10, "e": 10})
    answers = leafed_through(path, rows, whole)
    assert [[row["id"] for row in answer.get_json()["data"]] for answer in answers] == pages
    assert answers[-1].get_json()["next"] is None


@given(
    sizes=st.lists(st.sampled_from([30, 300_000, 524_288, 700_000, 2_000_000]), max_size=8),
    limit=st.integers(1, 9),
    path=st.sampled_from(["/newest", "/oldest"]),
)
@settings(max_examples=50, deadline=None)
def test_no_row_is_left_out_or_comes_twice_where_pages_are_cut_short(sizes: list[int], limit: int, path: str) -> None:
    rows = sized(dict(zip("abcdefgh", sizes, strict=False)))
    pages = [answer.get_json()["data"] for answer in leafed_through(f"{path}?limit={limit}", rows, whole)]
    ids = [row["_id"] for row in rows]
    assert [row["id"] for page in pages for row in page] == (ids if path == "/oldest" else ids[::-1])
    for page_of_rows in pages:
        assert len(page_of_rows) <= limit
        assert len(page_of_rows) <= 1 or sum(len(encoded(row)) for row in page_of_rows) <= 1_048_576
    if rows:
        assert all(pages)


def leafed_through(
    path: str, rows: list[dict[str, str]] = ROWS, show: Callable[[Any], Any] = itemgetter("_id")
) -> list[TestResponse]:
    answers = []
    while path:
        answers.append(asked(path, rows, show))
        path, _, rel = answers[-1].headers.get("Link", "").partition("; ")
        assert rel in ("", 'rel="next"')
        path = path.strip("<>")
    return answers


def sized(bytes_of: dict[str, int]) -> list[dict[str, str]]:
    """Rows that are shown in so many bytes."""
    return [
        {"_id": name, "text": "x" * (size - len(encoded({"id": name, "text": ""})))} for name, size in bytes_of.items()
    ]


def whole(row: dict[str, str]) -> dict[str, str]:
    return {"id": row["_id"], "text": row["text"]}


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
