"""The published language: frozen examples, readable by us today and with fields that are yet to come."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from shared.events import examples
from shared.events.catalogue import CATALOGUE, PUBLISHERS
from shared.events.contract import ContractBroken, read
from shared.events.envelope import Event, EventTooLarge, UnreadableEvent, decode, encode
from shared.events.intake import TicketClosed

EXAMPLES = sorted(Path(examples.__path__[0]).glob("*.json"))


def example(name: str) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(next(p for p in EXAMPLES if p.stem == name).read_bytes())
    return found


def test_every_type_has_a_frozen_example() -> None:
    assert {path.stem for path in EXAMPLES} == set(CATALOGUE)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_an_example_reads_and_writes_back_to_itself(path: Path) -> None:
    event = decode(path.read_bytes())
    assert orjson.loads(encode(event)) == orjson.loads(path.read_bytes())
    assert event.type in PUBLISHERS[event.source]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_fields_yet_to_come_are_ignored(path: Path) -> None:
    tomorrow = orjson.loads(path.read_bytes())
    tomorrow["later"] = tomorrow["data"]["later"] = {"nested": [1]}
    if "ticket" in tomorrow["data"]:
        tomorrow["data"]["ticket"]["later"] = True
    assert decode(orjson.dumps(tomorrow)) == decode(path.read_bytes())


@pytest.mark.parametrize("name", ["id", "type", "source", "subject", "time", "sequence", "data", "correlationid"])
def test_an_envelope_without_a_required_attribute_is_unreadable(name: str) -> None:
    broken = example("ticket.closed")
    del broken[name]
    with pytest.raises(UnreadableEvent, match=name):
        decode(orjson.dumps(broken))


@pytest.mark.parametrize(
    ("field", "value"),
    [("ticket", None), ("ticket", "T"), ("reason", 7), ("reason", None), ("actor", {"kind": "agent"})],
)
def test_data_of_another_shape_is_unreadable(field: str, value: Any) -> None:
    broken = example("ticket.closed")
    broken["data"][field] = value
    with pytest.raises(UnreadableEvent, match=field if field != "actor" else "id"):
        decode(orjson.dumps(broken))


def test_a_moment_without_an_offset_is_refused() -> None:
    broken = example("sla.met")
    broken["data"]["met_at"] = "2026-11-23T09:30:00"
    with pytest.raises(UnreadableEvent, match="offset"):
        decode(orjson.dumps(broken))


def test_a_number_is_no_text_and_a_truth_no_number() -> None:
    with pytest.raises(ContractBroken):
        read(int, True)
    with pytest.raises(ContractBroken):
        read(str, 1)


def test_an_event_over_64_kib_is_refused_before_it_enters_the_log() -> None:
    closed: Event[TicketClosed] = decode(orjson.dumps(example("ticket.closed")))
    data = TicketClosed(closed.data.ticket, closed.data.actor, "x" * 65_536)
    with pytest.raises(EventTooLarge):
        encode(Event(closed.id, closed.type, closed.source, closed.subject, closed.time, 1, data, "c"))
