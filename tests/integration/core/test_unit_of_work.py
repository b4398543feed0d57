"""One batch, one transaction: what is committed, what leaves alone, what runs again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from shared.store.documents import Cause, Changes, Document, Documents, Key
from shared.store.failures import StoreUnavailable
from shared.store.unit_of_work import Done, Failed, Seen, UnitOfWork, Work
from shared.worker import work_for
from tests.integration.core import tally
from tests.integration.core.events import ticket_created
from tests.integration.core.journal import under_way, without_journal
from tests.support.eventually import eventually


def works(*events: Any) -> list[Work]:
    return [work_for(event, tally.SUBSCRIPTIONS[0]) for event in events]


def increment(name: str) -> Work:
    def run(documents: Documents, now: datetime) -> Changes:
        known = documents.get("counters", name) or {"_id": name, "value": 0}
        return Changes([("counters", {**known, "value": known["value"] + 1})], answer=known["value"] + 1)

    return Work(run, Cause("test"), [Key("counters", name)])


def counts(database: Database[Document]) -> dict[str, int]:
    return {row["number"]: row["count"] for row in database["tallies"].find()}


def test_a_batch_commits_documents_inbox_and_events_together(database: Database[Document]) -> None:
    outcomes = UnitOfWork(database, "tally").run(works(ticket_created("1"), ticket_created("2")))
    assert outcomes == [Done(), Done()]
    assert counts(database) == {"1": 1, "2": 1}
    assert database["inbox"].count_documents({}) == 2
    assert [row["type"] for row in database["event_log"].find()] == ["ticket.assigned", "ticket.assigned"]


def test_a_later_message_sees_what_an_earlier_one_of_the_batch_made(database: Database[Document]) -> None:
    first = ticket_created("1")
    UnitOfWork(database, "tally").run(works(first, ticket_created("1", ticket_id=first.subject)))
    assert counts(database) == {"1": 2}
    assert sorted(row["sequence"] for row in database["event_log"].find()) == [1, 2]


def test_a_message_heard_twice_has_one_effect(database: Database[Document]) -> None:
    event = ticket_created("1")
    assert UnitOfWork(database, "tally").run(works(event, event)) == [Done(), Seen()]
    assert UnitOfWork(database, "tally").run(works(event)) == [Seen()]
    assert counts(database) == {"1": 1}


def test_a_handler_that_raises_leaves_alone(database: Database[Document]) -> None:
    outcomes = UnitOfWork(database, "tally").run(
        works(ticket_created("1"), ticket_created("2", "raise"), ticket_created("3"))
    )
    assert [type(o) for o in outcomes] == [Done, Failed, Done]
    assert counts(database) == {"1": 1, "3": 1}


def test_a_number_that_is_taken_leaves_alone(database: Database[Document]) -> None:
    outcomes = UnitOfWork(database, "tally").run(works(ticket_created("1"), ticket_created("1"), ticket_created("3")))
    assert sorted(type(o).__name__ for o in outcomes) == ["Done", "Done", "Failed"]
    assert counts(database) == {"1": 1, "3": 1}


def test_a_document_over_16_mib_leaves_alone(database: Database[Document]) -> None:
    outcomes = UnitOfWork(database, "tally").run(
        works(ticket_created("1"), ticket_created("2", "too large"), ticket_created("3"))
    )
    assert [type(o) for o in outcomes] == [Done, Failed, Done]
    assert counts(database) == {"1": 1, "3": 1}


def test_a_half_change_of_a_raising_finish_leaks_nothing(database: Database[Document]) -> None:
    def finish(documents: Documents, events: Any, now: datetime) -> Changes:
        if any(event.data.ticket.number == "2" for event in events):
            raise ValueError("the whole batch can't be finished with 2 in it")
        return Changes()

    outcomes = UnitOfWork(database, "tally", finish).run(works(*[ticket_created(n) for n in ("1", "2", "3")]))
    assert [type(o) for o in outcomes] == [Done, Failed, Done]
    assert counts(database) == {"1": 1, "3": 1}


def test_concurrent_batches_on_one_document_lose_nothing(database: Database[Document]) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: UnitOfWork(database, "t").run([increment("one")])[0], range(80)))
    assert sorted(a.answer for a in answers if isinstance(a, Done)) == list(range(1, 81))


@pytest.mark.parametrize("seen", [None, 1])
def test_what_another_wrote_just_now_is_met_again_once_a_majority_has_it(
    database: Database[Document], mongo_url: str, fail_command: Any, seen: int | None
) -> None:
    """The other has made the counter, or changed the one that is `seen`; and no abort waits for the majority."""
    database.create_collection("counters")
    if seen:
        UnitOfWork(database, "tally").run([increment("one")])
    with MongoClient[Any](mongo_url, w=1, journal=False) as client, ThreadPoolExecutor(1) as pool:
        with without_journal(client, database.name):
            changed = {"$set": {"value": 5, "revision": 2}}
            client[database.name]["counters"].update_one({"_id": "one"}, changed, upsert=True)
            fail_command(mode="alwaysOn", failCommands=["abortTransaction"], errorCode=251)
            run = pool.submit(UnitOfWork(database, "tally").run, [increment("one"), increment("two")], 20.0)
            eventually(lambda: run.done() or under_way(client, "find", "tests"), within=5)
        assert run.result(20) == [Done(6), Done(1)]


def test_a_work_whose_documents_others_make_one_after_the_other_is_done(database: Database[Document]) -> None:
    """Between its look and its write another process has made the first, then the second."""
    to_be_made = ["a", "b"]

    def run(documents: Documents, now: datetime) -> Changes:
        known = [documents.get("counters", name) or {"_id": name, "value": 0} for name in ("a", "b")]
        if to_be_made:
            database["counters"].insert_one({"_id": to_be_made.pop(0), "value": 5, "revision": 1})
        return Changes([("counters", {**one, "value": one["value"] + 1}) for one in known])

    work = Work(run, Cause("test"), [Key("counters", "a"), Key("counters", "b")])
    assert UnitOfWork(database, "tally").run([work, increment("c")]) == [Done(), Done(1)]
    assert {row["_id"]: row["value"] for row in database["counters"].find()} == {"a": 6, "b": 6, "c": 1}


def test_an_event_that_is_refused_leaves_with_its_own_message(database: Database[Document]) -> None:
    """Its neighbours are committed in one transaction, not one by one."""
    database["event_log"].create_index([("subject", 1), ("sequence", 1)], unique=True)
    events = [ticket_created(n) for n in ("1", "2", "3")]
    database["event_log"].insert_one({"_id": "earlier", "subject": events[1].subject, "sequence": 1})
    asked: list[int] = []

    def finish(documents: Documents, handled: Any, now: datetime) -> Changes:
        asked.append(len(handled))
        return Changes()

    outcomes = UnitOfWork(database, "tally", finish).run(works(*events))
    assert [type(outcome) for outcome in outcomes] == [Done, Failed, Done]
    assert asked[-1] == 2
    assert counts(database) == {"1": 1, "3": 1}


def test_when_patience_ends_between_works_that_run_one_by_one_it_is_not_said_that_nothing_was_accepted(
    database: Database[Document], fail_command: Any
) -> None:
    def finish(documents: Documents, events: Any, now: datetime) -> Changes:
        if len(events) > 1:
            raise ValueError("not together")
        return Changes()

    runs: list[datetime] = []

    def run(documents: Documents, now: datetime) -> Changes:
        if runs:  # with the other one, before
            fail_command(mode="alwaysOn", failCommands=["insert"], errorCode=91)
        runs.append(now)
        return Changes([("counters", {"_id": "b", "value": 1})])

    with pytest.raises(StoreUnavailable) as given_up:
        UnitOfWork(database, "tally", finish).run([increment("a"), Work(run, Cause("test"))], patience=1.0)
    assert given_up.value.is_uncertain
    assert {row["_id"]: row["value"] for row in database["counters"].find()} == {"a": 1}


def test_an_unknown_commit_is_committed_again_and_not_run_again(
    database: Database[Document], fail_command: Any
) -> None:
    fail_command(
        mode={"times": 1},
        failCommands=["commitTransaction"],
        writeConcernError={"code": 91, "errmsg": "shutting down", "errorLabels": ["UnknownTransactionCommitResult"]},
    )
    assert UnitOfWork(database, "tally").run(works(ticket_created("1"))) == [Done()]
    assert counts(database) == {"1": 1}


def test_when_patience_ends_at_an_unknown_commit_nothing_is_run_again(
    database: Database[Document], fail_command: Any
) -> None:
    fail_command(
        mode="alwaysOn",
        failCommands=["commitTransaction"],
        writeConcernError={"code": 91, "errmsg": "shutting down", "errorLabels": ["UnknownTransactionCommitResult"]},
    )
    with pytest.raises(StoreUnavailable) as given_up:
        UnitOfWork(database, "tally").run([increment("a"), increment("b")], patience=0.5)
    assert given_up.value.is_uncertain
    assert {row["_id"]: row["value"] for row in database["counters"].find()} == {"a": 1, "b": 1}


@pytest.mark.parametrize("command", ["aggregate", "insert", "update", "commitTransaction"])
def test_a_lost_connection_runs_the_batch_again(database: Database[Document], fail_command: Any, command: str) -> None:
    first = ticket_created("1")
    UnitOfWork(database, "tally").run(works(first))
    fail_command(mode={"times": 3}, failCommands=[command], closeConnection=True)
    outcomes = UnitOfWork(database, "tally").run(
        works(ticket_created("1", ticket_id=first.subject), ticket_created("2"))
    )
    assert outcomes == [Done(), Done()]
    assert counts(database) == {"1": 2, "2": 1}


def test_patience_ends_when_the_store_does_not_answer(database: Database[Document], fail_command: Any) -> None:
    fail_command(mode="alwaysOn", failCommands=["insert"], errorCode=91)
    with pytest.raises(StoreUnavailable):
        UnitOfWork(database, "tally").run(works(ticket_created("1")), patience=0.5)
    assert counts(database) == {}
