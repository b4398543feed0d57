"""A new version of a plan counts from its moment on: whatever sla hears late, nothing before it changes."""

import pytest

from tests.support.sla_cast import Life, utc
from tests.support.sla_in_memory import SlaInMemory

CHANGED = "2026-11-23 10:30"
LATER = "2026-11-23 11:30"


def first_response(service: SlaInMemory, life: Life) -> tuple[str, int]:
    row = service.clock(life.id)["targets"]["first_response"]
    return row["state"], row["plan_version"]


def judged(service: SlaInMemory, life: Life) -> SlaInMemory:
    """Each version is gone through in its turn, and only then is there something to tell."""
    for _ in range(3):
        service.judge(life.id, utc(LATER))
    return service


@pytest.mark.parametrize("heard_late", [False, True])
def test_what_was_answered_in_time_before_the_change_stays_so(heard_late: bool) -> None:
    life, service = Life(), SlaInMemory()  # at 9:00, due at 11:00
    events = [life.created(), life.replied(utc("2026-11-23 10:00"))]
    if not heard_late:
        service.hear(*events)
    service.change_plan(30, CHANGED)
    service.hear(*events)
    assert first_response(judged(service, life), life) == ("met", 1)
    assert "SlaBreached" not in service.types()


@pytest.mark.parametrize("heard_late", [False, True])
def test_what_was_missed_before_a_longer_promise_came_stays_missed(heard_late: bool) -> None:
    life, service = Life(severity="sev_a"), SlaInMemory()  # due at 9:15
    created = life.created()
    if not heard_late:
        service.hear(created)
    service.change_plan(300, CHANGED)
    service.hear(created)
    assert first_response(judged(service, life), life) == ("running", 1)
    assert [row["due_at"] for row in service.told if row["target"] == "first_response"] == [utc("2026-11-23 09:15")]


@pytest.mark.parametrize("recalculated_first", [False, True])
def test_a_longer_promise_counts_for_an_answer_after_it_whenever_that_is_heard(recalculated_first: bool) -> None:
    life, service = Life(), SlaInMemory()
    service.hear(life.created())
    service.change_plan(180, CHANGED)
    if recalculated_first:
        service.recalculate(life.id, CHANGED)
    service.hear(life.replied(utc("2026-11-23 11:10")), life.resolved(utc("2026-11-23 11:20")))
    assert first_response(judged(service, life), life) == ("met", 2)
    assert "SlaBreached" not in service.types()


def test_a_ticket_that_comes_after_the_change_begins_with_it() -> None:
    life, service = Life(created_at=utc("2026-11-23 10:31")), SlaInMemory()
    service.change_plan(30, CHANGED)
    service.hear(life.created())
    assert first_response(service, life) == ("running", 2)
    assert service.events[0].data.targets[0].due_at == utc("2026-11-23 11:01")


def test_a_ticket_that_was_resolved_when_the_plan_changed_keeps_its_promise_when_it_is_reopened() -> None:
    life, service = Life(), SlaInMemory()
    service.hear(life.created(), life.resolved(utc("2026-11-23 10:00")))
    service.change_plan(30, CHANGED)
    service.hear(life.reopened(utc("2026-11-23 11:00")))
    targets = judged(service, life).clock(life.id)["targets"]
    assert [row["plan_version"] for row in targets.values()] == [1, 1]
    assert "SlaBreached" not in service.types()


def test_a_clock_goes_through_the_versions_one_by_one() -> None:
    life, service = Life(), SlaInMemory()
    service.hear(life.created())
    service.change_plan(30, CHANGED)  # what was due at 11:00 was due at 9:30 before anybody knew: missed since
    service.change_plan(240, "2026-11-23 10:40")
    service.recalculate(life.id, LATER)
    assert first_response(service, life) == ("running", 2)
    service.recalculate(life.id, LATER)
    assert service.clock(life.id)["plan_version"] == 3
    assert first_response(service, life) == ("running", 2)
