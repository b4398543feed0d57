"""What a line in the log says, and what it never says."""

import json
import logging
import time
from typing import Any

import pytest

from shared import logs


def line(message: str, *arguments: object, failure: BaseException | None = None, **fields: Any) -> dict[str, Any]:
    record = logging.LogRecord("shared.worker", logging.ERROR, "", 0, message, arguments, None)
    record.exc_info = (type(failure), failure, failure.__traceback__) if failure else None
    record.__dict__.update(logs.fields(**fields))
    said: dict[str, Any] = json.loads(logs.JsonLines("intake-worker").format(record))
    return said


def test_a_line_names_service_process_and_what_it_is_about() -> None:
    with logs.about(event="e-1", ticket="t-1", trace=None):
        said = line("parking a message of %s", "intake.events", attempts=2)
    assert {name: said[name] for name in ("level", "service", "process", "logger", "message", "event", "ticket")} == {
        "level": "error",
        "service": "intake",
        "process": "intake-worker",
        "logger": "shared.worker",
        "message": "parking a message of intake.events",
        "event": "e-1",
        "ticket": "t-1",
    }
    assert said["attempts"] == 2
    assert "trace" not in said
    assert "event" not in line("afterwards")


def test_of_a_failure_kind_and_place_are_told_and_not_its_text() -> None:
    try:
        try:
            raise KeyError("what Ana wrote")
        except KeyError as error:
            raise ValueError("Ana's own words") from error
    except ValueError as error:
        said = line("unexpected failure", failure=error)
    kinds = [chain.split(" > ")[0] for chain in said["failure"]]
    assert kinds == ["ValueError", "KeyError"]
    assert "test_logs.py" in said["failure"][0]
    assert "Ana" not in json.dumps(said)


def test_addresses_and_passwords_in_addresses_are_blotted_out() -> None:
    said = line("450 <ana@example.com> waits; amqp://intake:hunter2@rabbitmq:5672/")
    assert said["message"] == "450 <…@…> waits; …@…"


@pytest.mark.parametrize(
    ("message", "blotted"),
    [
        ("ana@example.com", "…@…"),
        ("to ana@example.com, ben@desk.example", "to …@… …@…"),
        ("<ana@example.com>'ben@desk.example'(cleo@desk.example)", "<…@…>'…@…'(…@…)"),
        ("a@b@c", "…@…@c"),
        ("a@@b @c d@ @", "a@@b @c d@ @"),
    ],
)
def test_an_address_is_found_wherever_a_word_begins(message: str, blotted: str) -> None:
    assert line(message)["message"] == blotted


@pytest.mark.parametrize("word", ["\\x01", "a", "a@", "@", "a@@", '"', "a "])
def test_a_long_line_of_a_strangers_takes_no_time_and_little_room(word: str) -> None:
    began = time.process_time()
    said = line("Invalid request from ip=9.9.9.9: " + word * (100_000 // len(word)))
    assert time.process_time() - began < 5
    assert said["message"].startswith("Invalid request from ip=9.9.9.9: ")
    assert len(said["message"]) == 2001
    assert said["message"].endswith("…")


def test_no_half_of_an_address_is_left_where_a_line_is_cut() -> None:
    for before in range(1980, 2001):
        said = line(" " * before + "ana@example.com" + " " * 100)
        assert "an" not in said["message"]
        assert "exa" not in said["message"]


def test_the_chain_of_failures_ends_even_if_it_bites_its_tail() -> None:
    one, other = ValueError(), TypeError()
    one.__context__, other.__context__ = other, one
    assert len(line("odd", failure=one)["failure"]) == 10
