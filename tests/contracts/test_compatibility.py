"""A contract that somebody may rely on only gains optional fields."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from cli.documents.compatibility import breaks
from cli.documents.drawn import SCHEMAS, broken_promises

Schema = dict[str, Any]

TICKET: Schema = {
    "type": "object",
    "required": ["id", "owner"],
    "properties": {
        "id": {"type": "string"},
        "owner": {"$ref": "#/$defs/Person"},
        "deputy": {"anyOf": [{"$ref": "#/$defs/Person"}, {"type": "null"}]},
        "impact": {"type": "string", "enum": ["low", "high"]},
        "due": {"type": "string", "format": "date-time"},
        "title": {"type": "string", "minLength": 1, "maxLength": 300, "pattern": "^[a-z]+$"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
        "more": {"type": "object", "additionalProperties": False},
    },
    "$defs": {"Person": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}},
}


def field(name: str, **changed: Any) -> Callable[[Schema], None]:
    return lambda schema: schema["properties"][name].update(changed)


def without(name: str) -> Callable[[Schema], None]:
    return lambda schema: schema["properties"].pop(name)


def requiring(*names: str) -> Callable[[Schema], None]:
    return lambda schema: schema.update(required=list(names))


def person(**changed: Any) -> Callable[[Schema], None]:
    return lambda schema: schema["$defs"]["Person"].update(changed)


def new(name: str) -> Callable[[Schema], None]:
    return lambda schema: schema["properties"].update({name: {"type": "string"}})


NAMELESS: Schema = {"properties": {}, "required": []}

BREAKS_BOTH = [
    (without("due"), ["due: removed"]),
    (field("id", type="integer"), ["id: retyped"]),
    (field("due", format="date"), ["due: retyped"]),
    (field("tags", items={"type": "integer"}), ["tags[]: retyped"]),
    (field("counts", additionalProperties={"type": "string"}), ["counts.*: retyped"]),
    (field("more", additionalProperties={"type": "string"}), ["more.*: retyped"]),
    (field("impact", enum=["low"]), ["impact: narrowed"]),
    (field("title", maxLength=200), ["title: narrowed"]),
    (field("title", minLength=2), ["title: narrowed"]),
    (requiring("id", "owner", "due"), ["due: newly required"]),
    (person(**NAMELESS), ["owner.name: removed", "deputy.name: removed"]),
    (person(required=["name", "address"]), ["owner.address: newly required", "deputy.address: newly required"]),
]

BREAKS_WHAT_IS_ANNOUNCED = [
    (field("id", type=["string", "null"]), ["id: retyped"]),
    (field("impact", enum=["low", "medium", "high"]), ["impact: widened"]),
    (field("title", maxLength=400), ["title: widened"]),
    (requiring("id"), ["owner: no longer required"]),
]


def changed(change: Callable[[Schema], None]) -> Schema:
    after = copy.deepcopy(TICKET)
    change(after)
    return after


@pytest.mark.parametrize(("change", "found"), BREAKS_BOTH, ids=lambda v: v[0] if isinstance(v, list) else "")
@pytest.mark.parametrize("is_announced", [True, False], ids=["announced", "taken"])
def test_a_break_is_found_by_name(change: Callable[[Schema], None], found: list[str], is_announced: bool) -> None:
    assert breaks(TICKET, changed(change), is_announced=is_announced) == found


@pytest.mark.parametrize(
    ("change", "found"), BREAKS_WHAT_IS_ANNOUNCED, ids=lambda v: v[0] if isinstance(v, list) else ""
)
def test_what_we_take_may_become_more_lenient_but_not_what_we_announce(
    change: Callable[[Schema], None], found: list[str]
) -> None:
    assert breaks(TICKET, changed(change), is_announced=True) == found
    assert breaks(TICKET, changed(change), is_announced=False) == []


def test_another_pattern_breaks_both() -> None:
    after = changed(field("title", pattern="^[a-z0-9]+$"))
    assert breaks(TICKET, after, is_announced=True) == ["title: narrowed", "title: widened"]
    assert breaks(TICKET, after, is_announced=False) == ["title: narrowed"]


@pytest.mark.parametrize("is_announced", [True, False], ids=["announced", "taken"])
def test_an_optional_field_and_other_words_break_nothing(is_announced: bool) -> None:
    assert breaks(TICKET, changed(new("later")), is_announced=is_announced) == []
    assert breaks(TICKET, changed(field("id", description="For programs.")), is_announced=is_announced) == []


def test_today_keeps_what_was_promised() -> None:
    assert broken_promises() == []


def test_a_field_and_a_type_that_were_promised_are_missed(tmp_path: Path) -> None:
    promised = orjson.loads((SCHEMAS / "ticket.closed.json").read_bytes())
    promised["$defs"]["TicketClosed"]["properties"]["mood"] = {"type": "string"}
    (tmp_path / "ticket.closed.json").write_bytes(orjson.dumps(promised))
    (tmp_path / "ticket.vanished.json").write_bytes(orjson.dumps(promised))
    assert broken_promises(tmp_path) == ["ticket.closed: data.mood: removed", "ticket.vanished: the type is gone"]
