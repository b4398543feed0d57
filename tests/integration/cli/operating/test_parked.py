import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pika
import pytest

from cli import desk
from cli.parked.choosing import Parked, named
from shared.events.envelope import Event, encode
from shared.identifiers import new_id
from shared.moments import utc_now
from tests.support.eventually import eventually
from tests.support.operator import Operator
from tests.support.sla_cast import Life


@pytest.fixture
def channel(operator: Operator) -> Iterator[Any]:
    connection = pika.BlockingConnection(pika.URLParameters(operator.environment["RELAYDESK_AMQP_URL"]))
    yield connection.channel()
    connection.close()


@pytest.fixture
def event() -> Event[Any]:
    now = utc_now()
    return replace(Life(created_at=now).created(), time=now, id=new_id())


def without_severity(event: Event[Any]) -> bytes:
    """What sla can't read."""
    envelope = json.loads(encode(event))
    del envelope["data"]["ticket"]["severity"]
    return json.dumps(envelope).encode()


def parked(operator: Operator, channel: Any, body: bytes) -> dict[str, Any]:
    """As the list tells of it, once it waits for a person."""
    channel.basic_publish("", "sla.inbox", body, pika.BasicProperties(message_id="m-1", headers={"colour": "blue"}))
    [row] = eventually(lambda: operator.reads("parked", "list"))
    found: dict[str, Any] = row
    return found


def test_a_parked_message_is_shown_mended_and_goes_through(
    operator: Operator, channel: Any, event: Event[Any], tmp_path: Path
) -> None:
    row = parked(operator, channel, without_severity(event))
    assert (row["service"], row["queue"], row["attempts"]) == ("sla", "sla.inbox", 1)
    assert "TicketSnapshot.severity is missing" in row["reason"]
    assert row["id"] in operator.types("parked", "list").out

    shown = operator.types("parked", "show", row["id"]).out
    assert "colour: 'blue'" in shown
    assert '"type": "ticket.created"' in shown

    mended = tmp_path / "mended.json"
    mended.write_bytes(b"{}")
    refused = operator.types("parked", "retry", row["id"], "--body", str(mended))
    assert refused.code == 1
    assert "The new body can't be read either" in refused.err

    mended.write_bytes(encode(event))
    assert operator.types("parked", "retry", row["id"], "--body", str(mended)).code == 0
    eventually(lambda: operator.reads("parked", "list"), lambda rows: rows == [])
    with operator.store() as client:
        clocks = operator.database(client, "sla")["clocks"]
        assert clocks.find_one({"_id": event.subject}) is not None
        clocks.delete_one({"_id": event.subject})  # no other service knows of this ticket


def test_what_is_discarded_does_not_come_back(operator: Operator, channel: Any, event: Event[Any]) -> None:
    poison = encode(replace(event, data=replace(event.data, ticket=replace(event.data.ticket, severity="sev_z"))))
    row = parked(operator, channel, poison)
    words = ("parked", "discard", "--all", "--reason-like", "SEV_Z")
    asked = operator.types(*words, answering="n\n")
    assert asked.code == 1
    assert "Discard 1 for good? [y/N]" in asked.err
    assert [one["id"] for one in operator.reads("parked", "list")] == [row["id"]]

    assert operator.types(*words, "--yes").out == "1 discarded.\n"
    channel.basic_publish("", "sla.inbox", poison)
    channel.basic_publish("", "sla.inbox", b"no event")
    eventually(lambda: [one["reason"] for one in operator.reads("parked", "list")], lambda reasons: len(reasons) == 1)
    [last] = operator.reads("parked", "list")
    assert "UnreadableEvent" in last["reason"]
    assert operator.types("parked", "discard", last["id"], "--yes").code == 0
    assert operator.types("parked", "list").out == "Nothing is parked.\n"


def test_what_has_gone_through_meanwhile_is_not_called_due(
    operator: Operator, channel: Any, event: Event[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    row = parked(operator, channel, without_severity(event))
    mended = tmp_path / "mended.json"
    mended.write_bytes(encode(event))
    with monkeypatch.context() as patched, operator.store() as client:
        rows = operator.database(client, "sla")["parked"]

        def chosen(found: desk.Desk, names: Any) -> list[Parked]:
            the_same = named(found, names)
            rows.delete_many({})  # the worker was quicker
            return the_same

        patched.setattr("cli.parked.commands.named", chosen)
        answer = operator.types("parked", "retry", row["id"])
        row = parked(operator, channel, without_severity(event))
        refused = operator.types("parked", "retry", row["id"], "--body", str(mended))
    assert (answer.out, answer.err) == (
        "0 due now; `relaydesk parked list` shows what fails again.\n",
        "1 had gone through meanwhile.\n",
    )
    assert (refused.code, refused.err) == (1, f"Error: {row['id']} has gone through meanwhile.\n")


def test_an_id_that_names_nothing_is_told(operator: Operator) -> None:
    answer = operator.types("parked", "show", "sla.inbox:ffff")
    assert answer.code == 1
    assert "No parked message has an id that begins with sla.inbox:ffff" in answer.err


def test_ids_or_all_but_not_both(operator: Operator) -> None:
    for words in (("discard",), ("discard", "--reason-like", "x"), ("retry", "sla.inbox:1", "--all")):
        assert operator.types("parked", *words).code == 2
