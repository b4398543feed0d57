"""The published JSON Schemas say what our own readers do: on the frozen examples, and on broken copies of them."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match

from cli.documents.drawn import SCHEMAS
from services.intake.submissions import commands, envelope
from shared.events import examples
from shared.events.envelope import UnreadableEvent, decode
from shared.refusals import Invalid

FOLDER = Path(examples.__path__[0])
EVENTS = sorted(FOLDER.glob("*.json"))
SUBMISSIONS = sorted(FOLDER.glob("submissions/*.json"))
PUBLISHED = {path.stem: orjson.loads(path.read_bytes()) for path in SCHEMAS.glob("*.json")}


def complaint(body: dict[str, Any]) -> str | None:
    """Where the body's schema finds fault with it, None where it doesn't."""
    schema = PUBLISHED[body["type"]]
    found = best_match(Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(body))
    return None if found is None else "/".join(map(str, found.absolute_path)) + f" {found.validator}"


def test_every_schema_is_one_and_has_an_example() -> None:
    for schema in PUBLISHED.values():
        Draft202012Validator.check_schema(schema)
    assert set(PUBLISHED) == {path.stem for path in (*EVENTS, *SUBMISSIONS)}


@pytest.mark.parametrize("path", [*EVENTS, *SUBMISSIONS], ids=lambda p: p.stem)
def test_an_example_keeps_its_schema(path: Path) -> None:
    assert complaint(orjson.loads(path.read_bytes())) is None


@pytest.mark.parametrize("path", EVENTS, ids=lambda p: p.stem)
def test_an_event_of_tomorrow_keeps_todays_schema(path: Path) -> None:
    event = orjson.loads(path.read_bytes())
    event["later"] = event["data"]["later"] = {"nested": [1]}
    assert complaint(event) is None


@pytest.mark.parametrize("path", SUBMISSIONS, ids=lambda p: p.stem)
def test_intake_takes_the_example_of_a_submission(path: Path) -> None:
    assert commands.command_of(envelope.parse(path.read_bytes(), None), lambda: "100001")


@pytest.mark.parametrize(
    ("name", "place", "value", "found"),
    [
        ("ticket.closed", "sequence", "1", "sequence type"),
        ("ticket.closed", "time", "yesterday", "time format"),
        ("ticket.closed", "data.reason", None, "data/reason type"),
        ("ticket.closed", "data.ticket.requester.vip", "yes", "data/ticket/requester/vip type"),
        ("ticket.closed", "data.ticket.custom_fields", {"site": 7}, "data/ticket/custom_fields/site type"),
        ("sla.met", "data.met_at", "2026-11-23T09:30:00", "data/met_at format"),
        ("sla.met", "data.targets", {}, "data/targets type"),
        ("ticket.rated", "data.score", 4.5, "data/score type"),
    ],
)
def test_schema_and_reader_refuse_the_same_event(name: str, place: str, value: Any, found: str) -> None:
    broken = with_value(FOLDER / f"{name}.json", place, value)
    assert complaint(broken) == found
    with pytest.raises(UnreadableEvent):
        decode(orjson.dumps(broken))


@pytest.mark.parametrize(
    ("name", "place", "value", "found"),
    [
        ("ticket.submit", "specversion", "0.3", "specversion const"),
        ("ticket.submit", "data.subject", "", "data/subject minLength"),
        ("ticket.submit", "data.subject", "x" * 301, "data/subject maxLength"),
        ("ticket.submit", "data.impact", "huge", "data/impact enum"),
        ("ticket.submit", "data.language", "english", "data/language pattern"),
        ("ticket.submit", "data.vip", True, "data additionalProperties"),
        ("ticket.submit", "data.requester", {"name": "Ana"}, "data/requester required"),
        ("ticket.close", "data.ticket_id", "100001", "data/ticket_id format"),
    ],
)
def test_schema_and_intake_refuse_the_same_submission(name: str, place: str, value: Any, found: str) -> None:
    broken = with_value(FOLDER / "submissions" / f"{name}.json", place, value)
    assert complaint(broken) == found
    with pytest.raises(Invalid):
        commands.command_of(envelope.parse(orjson.dumps(broken), None), lambda: "100001")


def with_value(path: Path, place: str, value: Any) -> dict[str, Any]:
    body: dict[str, Any] = orjson.loads(path.read_bytes())
    inside = body
    *steps, last = place.split(".")
    for step in steps:
        inside = inside[step]
    inside[last] = value
    return body
