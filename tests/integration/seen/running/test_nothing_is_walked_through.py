"""In a ticket's life nothing that is asked, nor `status`, walks through a collection that grows with the tickets.

MongoDB says so itself: its profiler notes every question that no index answers.
"""

from collections.abc import Iterator
from functools import partial

import pytest
from pymongo.database import Database

from cli.local.services import SERVICES
from shared.store.client import connect
from shared.store.documents import Document
from tests.e2e.desk import open_ticket
from tests.integration.seen.running.conftest import Seen
from tests.support.eventually import eventually
from tests.support.operator import Operator

CONFIGURED = {"agents", "departments", "issued_keys", "plans", "roles", "routes", "schedules", "topics", "workloads"}
SMALL = {*CONFIGURED, "parked"}
BY_THE_TICKER = {"command.find": "clocks", "command.sort.next_due_at": 1, "command.limit": {"$gt": 1}}


@pytest.fixture(scope="module")
def databases(seen: Seen) -> Iterator[dict[str, Database[Document]]]:
    """By service, from now on with the notes of their profilers: walks, and what the ticker asks.

    Until a relay has noted its place for the first time, `status` counts its whole log: so a ticket goes before.
    """
    open_ticket(seen.helpdesk, "bo@index.example")
    prefix = seen.helpdesk.environment["RELAYDESK_DATABASE_PREFIX"]
    noted = {"$or": [{"planSummary": "COLLSCAN", "op": {"$ne": "getmore"}}, BY_THE_TICKER]}
    with connect(seen.helpdesk.brokers.mongo_url, "the test") as client:
        databases = {service: client[f"{prefix}_{service}"] for service in SERVICES}
        for database in databases.values():
            eventually(partial(place_of_relay, database))
            database.command({"profile": 1, "filter": noted})
        yield databases
        for database in databases.values():
            database.command({"profile": 0})


def place_of_relay(database: Database[Document]) -> Document | None:
    return database["leases"].find_one({"_id": "relay", "published_id": {"$exists": True}})


def test_every_question_has_its_index(seen: Seen, databases: dict[str, Database[Document]]) -> None:
    ticket = open_ticket(seen.helpdesk, "ana@index.example")
    agent = seen.helpdesk.client("intake", ticket["assignee"]["id"])
    agent.post(f"/v1/tickets/{ticket['id']}/replies", text="Which network are you in?")
    agent.post(f"/v1/tickets/{ticket['id']}/resolve", resolution="The router was replaced.")
    for wanted in ("status=open", "severity=sev_b", "priority=normal", "department=support", "overdue=true"):
        agent.get(f"/v1/tickets?{wanted}")
    seen.helpdesk.client("notify").get(f"/v1/notifications?ticket_id={ticket['id']}")
    seen.helpdesk.client("assignment").get(f"/v1/assignments/{ticket['id']}")
    for process in seen.urls:
        assert seen.look(process, "/metrics")[0] == 200
    assert "clocks" in Operator.of(seen.helpdesk).types("status", "--json").out
    eventually(lambda: databases["sla"]["system.profile"].find_one({**BY_THE_TICKER, "appName": "sla-worker"}))
    assert [walk for service, database in databases.items() for walk in walks(service, database)] == []


def walks(service: str, database: Database[Document]) -> list[str]:
    """A change stream walks too, through the server's own log: that is how it is read."""
    notes = database["system.profile"].find({"planSummary": "COLLSCAN", "appName": {"$ne": "the test"}})
    return [
        f"{service}.{collection}, by {note['appName']}: {note['command'].get('filter', note['command'])}"
        for note in notes
        if "$changeStream" not in str(note["command"]) and (collection := note["ns"].partition(".")[2]) not in SMALL
    ]
