"""The AsyncAPI document is valid by AsyncAPI's own schema, and names everything that goes over the broker."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema.validators import validator_for

from cli.documents.drawn import ASYNCAPI
from cli.setup import QUEUES
from shared.events.catalogue import CATALOGUE, PUBLIC
from shared.messaging.topology import SUBMISSIONS

OFFICIAL = json.loads((Path(__file__).parent / "asyncapi" / "3.0.0.json").read_text())


@pytest.fixture
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ASYNCAPI.read_text())
    return found


def mistakes(document: dict[str, Any]) -> list[str]:
    return ["/".join(map(str, error.path)) for error in validator_for(OFFICIAL)(OFFICIAL).iter_errors(document)]


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert mistakes(document) == []


def test_a_wrong_binding_is_found(document: dict[str, Any]) -> None:
    document["channels"]["ticket.created"]["bindings"]["amqp"]["is"] = "topic"
    assert mistakes(document) == ["channels/ticket.created"]


def test_a_wrong_action_is_found(document: dict[str, Any]) -> None:
    document["operations"]["sla.announces.sla.breached"]["action"] = "publish"
    assert mistakes(document) == ["operations/sla.announces.sla.breached"]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def follow(reference: str) -> Any:
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
        return place

    references = _references(document)
    assert len(references) > 100
    assert all(follow(reference) for reference in references)


def test_every_event_and_every_submission_has_a_channel_of_its_exchange(document: dict[str, Any]) -> None:
    channels = {name: c for name, c in document["channels"].items() if c["address"] is not None}
    exchange_of = {name: channel["bindings"]["amqp"]["exchange"]["name"] for name, channel in channels.items()}
    taken = {name for queue in QUEUES if queue.exchange == SUBMISSIONS for name in queue.types}
    assert exchange_of == dict.fromkeys(CATALOGUE, "helpdesk.events") | dict.fromkeys(taken, "helpdesk.submissions")


def test_a_reader_sees_what_a_listener_may_bind(document: dict[str, Any]) -> None:
    ends = {name: document["channels"][name]["description"].split(". ")[-1] for name in CATALOGUE}
    public = {name for name, end in ends.items() if end == "Public: a listener may bind it."}
    internal = {name for name, end in ends.items() if end == "Internal: no listener may bind it."}
    assert (public, internal) == (set(PUBLIC), set(CATALOGUE) - set(PUBLIC))


@pytest.mark.parametrize(
    "family",
    ["api_key.", "agent.", "role.", "requester.", "notification.", "ticket.note_added", "plan.", "department."],
)
def test_no_listener_hears_of_notes_people_credentials_or_settings(family: str) -> None:
    assert [name for name in PUBLIC if name.startswith(family)] == []


def _references(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_references, value))
    if not isinstance(value, dict):
        return set()
    own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
    return own.union(*map(_references, value.values()))
