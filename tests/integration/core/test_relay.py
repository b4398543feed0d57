"""A relay begins: where, with or without a token; and with or without a broker or the lease."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from shared.identifiers import earliest_id
from shared.messaging.relay import Relay, oldest_unpublished
from shared.moments import utc_now
from shared.store.documents import Announcement, Cause, Document
from shared.store.event_log import EVENT_LOG, log_row
from tests.integration.core.conftest import RELAY
from tests.integration.core.event_log import announced, announced_at, arrived
from tests.integration.core.events import ticket_created
from tests.integration.core.journal import under_way, without_journal
from tests.support.eventually import eventually


def test_an_event_that_no_majority_has_yet_when_the_stream_opens_is_published(
    database: Database[Document], mongo_url: str, fail_command: Any, arrivals: Any, relay: Relay
) -> None:
    """The journal stands still from before the event until the relay has read the log and waits at its stream."""
    event = ticket_created("1")
    row = log_row(Announcement(event.data, event.subject, 1, event.time), Cause("test"), "tally")
    slow = {"failCommands": ["aggregate"], "appName": RELAY, "blockConnection": True, "blockTimeMS": 4000}
    fail_command(mode={"times": 1}, **slow)
    with MongoClient[Any](mongo_url, w=1, journal=False) as client:
        relay.start()
        eventually(lambda: under_way(client, "aggregate", RELAY))
        with without_journal(client, database.name):
            client[database.name][EVENT_LOG].insert_one(row)
            eventually(lambda: under_way(client, "getMore", RELAY))
    _, properties, body = eventually(lambda: arrivals.basic_get("arrivals"), lambda got: got[0] is not None)
    assert (properties.message_id, body) == (row["_id"], row["body"])


def test_a_relay_without_a_broker_leaves_the_lease_to_another(
    database: Database[Document], arrivals: Any, new_relay: Callable[..., Relay]
) -> None:
    new_relay("amqp://127.0.0.1:1/", holder="without a broker").start()
    events = announced(database, "1")
    new_relay(holder="with one").start()
    eventually(lambda: arrived(arrivals, "arrivals", []), lambda ids: ids == events)
    assert (database["leases"].find_one({"_id": "relay"}) or {})["holder"] == "with one"


@pytest.fixture
def slow_log(fail_command: Any) -> None:
    """The store gives the relay what it reads in pieces of a thousand, a second and more apart."""
    slow = {"failCommands": ["getMore", "findAndModify"], "blockConnection": True, "blockTimeMS": 1300}
    fail_command(mode="alwaysOn", appName=RELAY, **slow)


@pytest.mark.usefixtures("slow_log")
def test_publishing_again_saves_how_far_it_came(database: Database[Document], arrivals: Any, relay: Relay) -> None:
    announced(database, *map(str, range(3000)))
    relay.start()
    held = eventually(lambda: database["leases"].find_one({"_id": "relay"}) or {}, lambda row: "published_at" in row)
    assert "token" not in held
    eventually(lambda: oldest_unpublished(database), lambda oldest: oldest is None)


@pytest.mark.usefixtures("slow_log")
def test_publishing_again_came_no_further_than_it_did_though_a_clock_was_ahead(
    database: Database[Document], arrivals: Any, relay: Relay
) -> None:
    """The events were made within three seconds, a day ago, and claim to have happened an hour later."""
    announced(database, *map(str, range(3000)))
    rows, began = list(database[EVENT_LOG].find()), utc_now() - timedelta(days=1)
    database[EVENT_LOG].delete_many({})
    database[EVENT_LOG].insert_many(
        {**row, "_id": earliest_id(began + timedelta(milliseconds=n)), "time": began + timedelta(hours=1)}
        for n, row in enumerate(rows)
    )
    relay.start()
    held = eventually(lambda: database["leases"].find_one({"_id": "relay"}) or {}, lambda row: "published_at" in row)
    assert "token" not in held
    assert began - timedelta(seconds=1) < held["published_at"] < began + timedelta(seconds=3)


@pytest.mark.usefixtures("slow_log")
def test_publishing_again_ends_with_the_lease(
    database: Database[Document], mongo_url: str, arrivals: Any, relay: Relay
) -> None:
    announced(database, *map(str, range(3000)))
    relay.start()
    eventually(lambda: arrivals.queue_declare("arrivals", passive=True).method.message_count)
    taken = {"$set": {"until": utc_now() + timedelta(hours=1), "holder": "another"}, "$inc": {"fence": 1}}
    database["leases"].update_one({"_id": "relay"}, taken)
    with MongoClient[Any](mongo_url) as client:
        eventually(lambda: under_way(client, "findAndModify", RELAY))  # it asks for the lease anew
    assert 1000 <= len(arrived(arrivals, "arrivals", [])) < 3000


@pytest.mark.usefixtures("slow_log")
def test_stopped_while_it_publishes_again_it_leaves_the_rest_to_the_next(
    database: Database[Document], arrivals: Any, new_relay: Callable[..., Relay]
) -> None:
    events = announced(database, *map(str, range(3000)))
    first = new_relay(holder="the first")
    first.start()
    eventually(lambda: arrivals.queue_declare("arrivals", passive=True).method.message_count)
    first.stop()
    new_relay(holder="the second").start()
    seen: list[str] = []
    eventually(lambda: set(arrived(arrivals, "arrivals", seen)), lambda ids: ids == set(events))


def test_an_event_from_a_host_whose_clock_is_ahead_hides_no_other(
    database: Database[Document], arrivals: Any, new_relay: Callable[..., Relay]
) -> None:
    ahead = announced_at(database, utc_now() + timedelta(hours=1))
    first = new_relay(holder="the first")
    first.start()
    eventually(lambda: arrived(arrivals, "arrivals", []), lambda ids: ids == [ahead])
    eventually(lambda: database["leases"].find_one({"_id": "relay"}), lambda row: "token" in (row or {}))
    first.stop()
    [late] = announced(database, "2")
    row = database[EVENT_LOG].find_one({"_id": late})
    assert oldest_unpublished(database) == (row or {})["time"]
    database["leases"].update_one({"_id": "relay"}, {"$unset": {"token": ""}})
    new_relay(holder="the second").start()
    seen: list[str] = []
    eventually(lambda: arrived(arrivals, "arrivals", seen), lambda ids: late in ids)
