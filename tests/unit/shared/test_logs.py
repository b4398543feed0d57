"""What a line in the log says, and what it never says."""

import json
import logging
from typing import Any

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


def test_the_chain_of_failures_ends_even_if_it_bites_its_tail() -> None:
    one, other = ValueError(), TypeError()
    one.__context__, other.__context__ = other, one
    assert len(line("odd", failure=one)["failure"]) == 10
