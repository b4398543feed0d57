"""Clocks on a real store: heard in batches, judged at given moments, brought to new plans, two at a time."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from pymongo.database import Database

from services.sla import seed
from services.sla.recalculator import Recalculator
from services.sla.subscriptions import SUBSCRIPTIONS
from services.sla.ticker import Ticker
from shared.events.envelope import Event, decode
from shared.moments import utc_now
from shared.store.documents import Document
from shared.store.unit_of_work import Done, UnitOfWork
from shared.worker import work_for
from tests.support.sla_cast import Life, utc

ROWS = {row.type: row for row in SUBSCRIPTIONS}


def hear(desk: Database[Document], *events: Event[Any]) -> None:
    outcomes = UnitOfWork(desk, "sla").run([work_for(event, ROWS[event.type]) for event in events])
    assert all(isinstance(outcome, Done) for outcome in outcomes)


def ticker(desk: Database[Document]) -> Ticker:
    return Ticker(desk, UnitOfWork(desk, "sla"))


def clock(desk: Database[Document], life: Life) -> Document:
    found = desk["clocks"].find_one({"_id": life.id})
    assert found is not None
    return found


def test_seeding_again_changes_nothing(desk: Database[Document]) -> None:
    seed.seed(UnitOfWork(desk, "sla"))
    assert [(row["_id"], row["version"]) for row in desk["plans"].find()] == [("standard", 1)]
    assert sorted(row["_id"] for row in desk["schedule_versions"].find()) == ["always:1", "office:1"]
    assert [row["type"] for row in desk["event_log"].find()] == ["plan.changed"]


def test_a_batch_of_one_life_ends_in_one_clock(desk: Database[Document], announced: Callable[[], list[str]]) -> None:
    life = Life()
    hear(desk, life.created(), life.assigned(life.created_at), life.replied(utc("2026-11-23 10:00")))
    found = clock(desk, life)
    assert (found["version"], found["next_due_at"]) == (2, utc("2026-11-23 15:00"))
    assert announced() == ["sla.targets_set", "sla.met"]


def test_one_event_at_a_time_ends_in_the_same_clock_as_a_batch(desk: Database[Document]) -> None:
    one, other = Life(), Life()
    for life in (one, other):
        events = [
            life.created(),
            life.put_on_hold(utc("2026-11-23 10:00")),
            life.resumed(utc("2026-11-23 10:30")),
            life.assigned(utc("2026-11-23 10:40")),
        ]
        for batch in [events] if life is one else [[event] for event in reversed(events)]:
            hear(desk, *batch)
    documents = [clock(desk, life) for life in (one, other)]
    for document in documents:
        for name in ("_id", "version", "revision", "announced_at"):
            del document[name]
        del document["shown"]["ticket"]["snapshot"]["id"]
    assert documents[0] == documents[1]


def test_the_ticker_tells_each_threshold_once(desk: Database[Document], announced: Callable[[], list[str]]) -> None:
    life = Life()
    hear(desk, life.created(), life.assigned(life.created_at))
    assert ticker(desk).judge(utc("2026-11-23 10:30")) == 0
    assert ticker(desk).judge(utc("2026-11-23 10:30:01")) == 1
    assert ticker(desk).judge(utc("2026-11-23 10:30:01")) == 0
    assert ticker(desk).judge(utc("2026-11-23 11:00:01")) == 1
    assert announced() == ["sla.targets_set", "sla.warned", "sla.breached", "ticket.escalated"]
    assert [row["_id"].partition(":")[2] for row in desk["told"].find().sort("told_at")] == [
        "first_response:warned:0",
        "first_response:breached:0",
    ]
    told = desk["told"].find_one({"threshold": "breached"})
    assert told is not None
    assert told["known"] == {"intake": 1, "assignment": 1}


def test_two_tickers_at_once_tell_each_breach_once(desk: Database[Document]) -> None:
    lives = [Life() for _ in range(60)]
    hear(desk, *(life.created() for life in lives))
    moment = utc("2026-11-24 12:00")
    with ThreadPoolExecutor(3) as replicas:
        list(replicas.map(lambda _: ticker(desk).judge(moment), range(3)))
    assert ticker(desk).judge(moment) == 0
    assert desk["told"].count_documents({}) == 120
    assert desk["event_log"].count_documents({"type": "sla.breached"}) == 120
    assert desk["event_log"].count_documents({"type": "ticket.escalated"}) == 120
    for life in lives:
        sequences = [row["sequence"] for row in desk["event_log"].find({"subject": life.id}).sort("sequence")]
        assert sequences == [1, 2, 3, 4, 5]


def test_a_ticker_takes_what_is_due_first_and_only_so_much(desk: Database[Document]) -> None:
    lives = [Life(created_at=utc("2026-11-23 09:00") + timedelta(minutes=i % 50)) for i in range(250)]
    hear(desk, *(life.created() for life in lives))
    assert ticker(desk).judge(utc("2026-11-23 12:30")) == 200
    assert {row["created_at"] for row in _untold(desk)} == {
        utc("2026-11-23 09:40") + timedelta(minutes=i) for i in range(10)
    }
    assert ticker(desk).judge(utc("2026-11-23 12:30")) == 50


def _untold(desk: Database[Document]) -> list[Document]:
    return [row["shown"]["ticket"]["snapshot"] for row in desk["clocks"].find({"told": []})]


def test_the_ticker_judges_up_to_the_watermark_less_what_may_be_under_way(desk: Database[Document]) -> None:
    hear(desk, Life().created())
    run_once(desk, None)
    run_once(desk, utc("2026-11-23 10:30:02"))
    assert desk["told"].count_documents({}) == 0
    run_once(desk, utc("2026-11-23 10:30:02.001"))
    assert desk["told"].count_documents({}) == 1


def run_once(desk: Database[Document], watermark: datetime | None) -> None:
    stopping = threading.Event()

    def heard_until() -> datetime | None:
        stopping.set()
        return watermark

    ticker(desk).run(stopping, heard_until)


def test_recalculation_goes_on_where_it_stopped(desk: Database[Document], api: Any) -> None:
    hear(desk, *(Life(created_at=utc("2036-11-24 09:00")).created() for _ in range(130)))
    lunch = {"name": "Office", "zone": "Europe/Berlin", "weekly": {"monday": ["10:00-12:00"]}, "reason": "Fewer hands"}
    assert api.put("/v1/schedules/office", json=lunch, headers={"If-Match": "*"}).status_code == 200
    assert Recalculator(desk, UnitOfWork(desk, "sla")).recalculate(utc_now()) == 100
    assert Recalculator(desk, UnitOfWork(desk, "sla")).recalculate(utc_now()) == 30
    assert Recalculator(desk, UnitOfWork(desk, "sla")).recalculate(utc_now()) == 0
    due = utc("2036-12-15 11:00")  # eight hours, two of them each Monday from 10:00: on the fourth, at 12:00
    assert desk["clocks"].count_documents({"targets.resolution.due_at": due, "plan_version": 2}) == 130
    assert desk["event_log"].count_documents({"type": "sla.targets_set", "sequence": 2}) == 130


def test_what_happened_before_a_plan_changed_is_heard_first(desk: Database[Document], api: Any) -> None:
    """Ana's ticket is put on hold at 10:00; at noon four hours become eight; sla hears of the hold at two."""
    life = Life(severity="sev_b")
    hear(desk, life.created())
    noon = make_it_eight_hours_at(utc("2026-11-23 12:00"), desk, api)
    recalculator = Recalculator(desk, UnitOfWork(desk, "sla"))
    early = utc("2026-11-23 10:05")
    assert (recalculator.recalculate(early), ticker(desk).judge(early)) == (0, 1)
    assert clock(desk, life)["plan_version"] == 1
    hear(desk, life.put_on_hold(utc("2026-11-23 10:00")))
    assert recalculator.recalculate(noon) == 1
    hear(desk, life.resumed(utc("2026-11-23 15:00")))
    assert clock(desk, life)["targets"]["resolution"]["due_at"] == utc("2026-11-23 22:00")


def test_a_clock_whose_plan_was_lengthened_in_time_is_not_judged_by_the_old_one(
    desk: Database[Document], api: Any, announced: Callable[[], list[str]]
) -> None:
    """Due at 13:00; at noon four hours become eight; sla is back at two."""
    life = Life(severity="sev_b")
    hear(desk, life.created(), life.replied(utc("2026-11-23 09:10")))
    make_it_eight_hours_at(utc("2026-11-23 12:00"), desk, api)
    while ticker(desk).judge(utc("2026-11-23 14:00")):
        pass
    assert "sla.breached" not in announced()
    assert clock(desk, life)["targets"]["resolution"]["due_at"] == utc("2026-11-23 17:00")
    while ticker(desk).judge(utc("2026-11-23 17:00:01")):
        pass
    assert announced().count("sla.breached") == 1


def test_what_was_missed_before_a_plan_changed_stays_missed(desk: Database[Document], api: Any) -> None:
    life = Life(severity="sev_b")
    hear(desk, life.created(), life.replied(utc("2026-11-23 09:10")))
    make_it_eight_hours_at(utc("2026-11-23 13:30"), desk, api)
    assert Recalculator(desk, UnitOfWork(desk, "sla")).recalculate(utc("2026-11-23 14:00")) == 1
    found = clock(desk, life)
    assert (found["plan_version"], found["targets"]["resolution"]["due_at"]) == (2, utc("2026-11-23 13:00"))


def make_it_eight_hours_at(moment: datetime, desk: Database[Document], api: Any) -> datetime:
    """The standard plan's time to resolve a sev_b is doubled, as if that had been done then."""
    plan = api.get("/v1/plans/standard").json
    plan["targets"]["sev_b"]["resolution"]["seconds"] = 8 * 3600
    body = {"name": "Standard", "targets": plan["targets"], "reason": "More time"}
    assert api.put("/v1/plans/standard", json=body, headers={"If-Match": "*"}).status_code == 200
    for collection, name in (("plans", "standard"), ("plan_versions", "standard:2")):
        desk[collection].update_one({"_id": name}, {"$set": {"changed_at": moment}})
    return moment


def test_the_last_event_of_a_ticket_is_never_before_the_one_before(desk: Database[Document]) -> None:
    life = Life()
    hear(desk, life.created())
    ahead = utc("2031-01-01 00:00")
    desk["clocks"].update_one({"_id": life.id}, {"$set": {"announced_at": ahead}})
    ticker(desk).judge(utc("2026-11-24 12:00"))
    assert [row["time"] for row in desk["event_log"].find({"subject": life.id, "sequence": {"$gt": 1}})] == [ahead] * 4


def test_a_new_plan_moves_open_clocks_and_leaves_what_was_met_or_missed(desk: Database[Document], api: Any) -> None:
    fresh = Life(created_at=utc("2036-11-24 09:00"))
    missed = Life(created_at=utc("2025-11-24 09:00"))
    resolved = Life(created_at=utc("2036-11-24 09:00"))
    hear(desk, fresh.created(), missed.created(), resolved.created(), resolved.resolved(utc("2036-11-24 10:00")))
    plan = api.get("/v1/plans/standard").json
    targets = plan["targets"]
    targets["sev_c"] = {
        "first_response": {"seconds": 3600, "schedule": "always"},
        "resolution": {"seconds": 7200, "schedule": "always"},
    }
    body = {"name": "Standard", "warn_at": 0.5, "targets": targets, "reason": "Promised to Payroll"}
    assert api.put("/v1/plans/standard", json=body, headers={"If-Match": '"1"'}).status_code == 200

    recalculator = Recalculator(desk, UnitOfWork(desk, "sla"))
    assert recalculator.recalculate(utc_now()) == 2
    assert recalculator.recalculate(utc_now()) == 0

    moved = clock(desk, fresh)
    assert moved["plan_version"] == 2
    assert moved["targets"]["first_response"]["due_at"] == utc("2036-11-24 10:00")
    assert moved["next_due_at"] == utc("2036-11-24 09:30")
    last = desk["event_log"].find_one({"subject": fresh.id, "sequence": 2})
    assert last is not None
    said = decode(last["body"]).data
    assert (said.plan_version, said.reason) == (2, "plan standard changed to version 2: Promised to Payroll")

    past = clock(desk, missed)
    assert (past["plan_version"], past["version"]) == (2, 1)
    assert past["targets"]["first_response"]["due_at"] == utc("2025-11-24 11:00")
    assert past["targets"]["first_response"]["plan_version"] == 1
    assert clock(desk, resolved)["plan_version"] == 1

    hear(desk, missed.triaged(utc("2025-11-24 12:00"), "sev_d"))
    assert clock(desk, missed)["targets"]["first_response"]["due_at"] == utc("2025-11-25 09:00")
