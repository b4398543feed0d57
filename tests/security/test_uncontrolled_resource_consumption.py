"""Uncontrolled resource consumption (CWE-400): whatever shape a megabyte of JSON has, the answer to it is small."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import pytest

from tests.security.callers import ADMINISTRATOR
from tests.security.calls import path_of
from tests.security.desks.desk import Desk
from tests.security.routes.row import Row
from tests.security.routes.table import TABLE

MEGABYTE = 1024 * 1024
MOST_BYTES = 20_000  # of an answer
SHAPES: Mapping[str, Any] = {
    "half a million numbers": [0] * 500_000,
    "seventy thousand names": {f"n{n}": 0 for n in range(70_000)},
    "one long name": {"n" * 1_000_000: 0},
    "one long text": "é" * 500_000,
    "a list of one long text": ["\x01" * 170_000],
    "an object of one long text": {"name": "é" * 500_000},
}
WRITTEN = {shape: orjson.dumps(value) for shape, value in SHAPES.items()}
FOR_A_SINGLE_VALUE = ("half a million numbers", "one long text")  # no name and no part of it is looked at
TAKE_JSON = [row for row in TABLE if row.body is not None and not isinstance(row.body, bytes)]


@pytest.mark.parametrize("row", TAKE_JSON, ids=str)
def test_a_megabyte_of_wrong_json_is_answered_in_few_words(row: Row, the_desks: Mapping[str, Desk]) -> None:
    desk = the_desks[row.service]
    path, values = path_of(row, desk)
    headers = {**desk.sends(ADMINISTRATOR, values), **row.headers, "Content-Type": "application/json"}
    right = row.body() if callable(row.body) else row.body
    for place, holds_more in _places(desk, row):
        for shape in SHAPES if holds_more else FOR_A_SINGLE_VALUE:
            content = _with(right, place, WRITTEN[shape])
            assert len(content) <= MEGABYTE
            answer = desk.app.test_client().open(path, method=row.method, data=content, headers=headers)
            found = (".".join(place), shape, answer.status_code, len(answer.data) < MOST_BYTES)
            assert found == (".".join(place), shape, 422, True)


def _places(desk: Desk, row: Row) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The names that lead to each value of a route's body as its contract has it, the body itself first, and whether
    the value may be a list or an object."""
    document = desk.app.test_client().get("/openapi.json").get_json()
    described = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", row.rule)
    content = document["paths"][described][row.method.lower()]["requestBody"]["content"]
    return _inside(content["application/json"]["schema"], document, ())


def _inside(schema: Any, document: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], bool]]:
    parts = [
        document["components"]["schemas"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part
        for part in (schema, *schema.get("allOf", ()))
    ]
    yield place, any(_kinds(part) & {"array", "object"} for part in parts)
    for part in parts:
        for name, described in part.get("properties", {}).items():
            yield from _inside(described, document, (*place, name))


def _kinds(part: Any) -> set[str]:
    said = part.get("type", "object")  # of what says nothing anything is expected
    return {said} if isinstance(said, str) else set(said)


def _with(body: Any, place: tuple[str, ...], value: bytes) -> bytes:
    """The body with this value, which is written already, at this place; without a place, with what the value holds
    beside its own."""
    if place:
        return orjson.dumps(_marked(body, place)).replace(b'"here"', value)
    return orjson.dumps(body)[:-1] + b"," + value[1:] if value.startswith(b"{") else value


def _marked(body: Any, place: tuple[str, ...]) -> Any:
    name, *more = place
    return {**body, name: _marked(body.get(name, {}), tuple(more)) if more else "here"}
