"""Each test spoils one thing by hand, behind the system's back, and puts it right again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from pymongo.collection import Collection

from shared.moments import utc_now
from shared.store.documents import Document
from tests.support.eventually import eventually
from tests.support.operator import Operator


@pytest.fixture
def ticket_id(operator: Operator) -> str:
    return operator.opens_ticket()


@contextmanager
def spoiled(operator: Operator, service: str, collection: str, name: str) -> Iterator[Collection[Document]]:
    with operator.store() as client:
        found = operator.database(client, service)[collection]
        before = found.find_one({"_id": name})
        assert before is not None
        yield found
        found.replace_one({"_id": name}, before, upsert=True)


def wrong(operator: Operator) -> list[dict[str, Any]]:
    answer = operator.reads("check", "--patience", "1")
    return [finding for findings in answer["findings"].values() for finding in findings]


def test_a_system_at_rest_has_nothing_wrong(operator: Operator, ticket_id: str) -> None:
    answer = eventually(lambda: operator.types("check"), lambda a: a.code == 0)
    assert "ok  every ticket is known everywhere and shown as it is" in answer.out
    assert "ok  clocks follow from the facts" in answer.out


def test_a_ticket_that_a_service_does_not_know_is_named_with_the_remedy(operator: Operator, ticket_id: str) -> None:
    number = operator.reads("ticket", "show", ticket_id)["number"]
    with spoiled(operator, "assignment", "assignments", ticket_id) as assignments:
        assignments.delete_one({"_id": ticket_id})
        answer = operator.types("check", "--patience", "1")
    assert answer.code == 1
    assert f"ticket {number} is not known to assignment" in answer.out
    assert f"relaydesk replay --ticket {ticket_id} --to assignment.inbox" in answer.out


def test_a_clock_that_does_not_follow_from_its_facts_is_found(operator: Operator, ticket_id: str) -> None:
    with spoiled(operator, "sla", "clocks", ticket_id) as clocks:
        clocks.update_one({"_id": ticket_id}, {"$set": {"targets.resolution.state": "met"}})
        [finding] = wrong(operator)
    assert finding["about"] == ticket_id
    assert finding["what"].endswith("is not what its facts make of it: targets")


def test_a_word_that_is_not_shown_is_found(operator: Operator, ticket_id: str) -> None:
    with spoiled(operator, "intake", "tickets", ticket_id) as tickets:
        tickets.update_one({"_id": ticket_id}, {"$set": {"shown.assignment.sequence": 7}})
        [finding] = wrong(operator)
    assert finding["what"].endswith("shows word 7 of assignment, whose last word to it is 1")
    assert finding["remedy"] == f"relaydesk replay --ticket {ticket_id} --to intake.inbox"


def test_a_missing_event_is_found_as_a_gap(operator: Operator, ticket_id: str) -> None:
    with operator.store() as client:
        log = operator.database(client, "intake")["event_log"]
        created = log.find_one_and_delete({"subject": ticket_id})
        assert created is not None
        log.insert_one({**created, "_id": "spoiled", "sequence": 2})
        findings = wrong(operator)
        log.delete_one({"_id": "spoiled"})
        log.insert_one(created)
    assert f"intake has 1 events of {ticket_id}, numbered 2 to 2" in [finding["what"] for finding in findings]


def test_an_event_that_a_service_has_not_heard_is_found(operator: Operator, ticket_id: str) -> None:
    with operator.store() as client:
        log = operator.database(client, "intake")["event_log"]
        created = log.find_one({"subject": ticket_id})
        assert created is not None
    with spoiled(operator, "notify", "inbox", created["_id"]) as inbox:
        inbox.delete_one({"_id": created["_id"]})
        [finding] = wrong(operator)
    assert finding["what"] == f"notify has not heard ticket.created number 1 of {ticket_id}"
    assert finding["remedy"].endswith("--to notify.inbox")


def test_a_workload_that_does_not_add_up_is_found(operator: Operator, ticket_id: str) -> None:
    agent = operator.reads("ticket", "show", ticket_id)["assignee"]["id"]
    with spoiled(operator, "assignment", "workloads", agent) as workloads:
        workloads.update_one({"_id": agent}, {"$inc": {"open": 3}})
        [finding] = wrong(operator)
    assert finding["about"] == agent
    assert finding["what"].startswith(f"agent {agent} has ")


def test_a_delivery_that_waits_for_a_person_is_found(operator: Operator, ticket_id: str) -> None:
    with operator.store() as client:
        deliveries = operator.database(client, "notify")["deliveries"]
        row = eventually(lambda: deliveries.find_one({"ticket_id": ticket_id, "state": "sent"}))
    assert row is not None
    with spoiled(operator, "notify", "deliveries", row["_id"]) as deliveries:
        deliveries.update_one({"_id": row["_id"]}, {"$set": {"state": "held", "reason": "no answer"}})
        [finding] = wrong(operator)
    assert finding["what"].endswith("is held: no answer")
    assert finding["remedy"] == f"POST /v1/notifications/{row['_id']}/retry or /discard"


def test_a_delivery_that_the_mail_server_puts_off_again_and_again_is_found(operator: Operator, ticket_id: str) -> None:
    with operator.store() as client:
        deliveries = operator.database(client, "notify")["deliveries"]
        row = eventually(lambda: deliveries.find_one({"ticket_id": ticket_id, "state": "sent"}))
    assert row is not None
    now = utc_now()
    put_off = {"state": "pending", "reason": "452 the disk is full", "due_at": now + timedelta(hours=1), "attempts": 12}
    with spoiled(operator, "notify", "deliveries", row["_id"]) as deliveries:
        deliveries.update_one({"_id": row["_id"]}, {"$set": {**put_off, "tried_since": now - timedelta(minutes=14)}})
        eventually(lambda: operator.types("status"), lambda answer: answer.code == 0)
        assert wrong(operator) == []
        deliveries.update_one({"_id": row["_id"]}, {"$set": {"tried_since": now - timedelta(minutes=16)}})
        status = operator.types("status")
        [finding] = wrong(operator)
    assert status.code == 1
    assert "1 mails tried in vain are overdue: does the mail server take them?" in status.out
    assert finding["what"].endswith("is pending: 452 the disk is full")
    assert finding["remedy"] == "See that notify's sender runs and the mail server takes mails."
