"""Any order and any repetition of a history ends in the same clock; what was told was told once."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.sla.clock_repository import CLOCKS, reach_of
from services.sla.domain.plan import TARGETS
from shared.access.may import Reach
from shared.events.envelope import Event
from shared.store.documents import Changes
from tests.support.sla_cast import BEN, Life, utc
from tests.support.sla_in_memory import SlaInMemory

STEPS = (
    "triaged_a",
    "triaged_d",
    "replied",
    "requester_replied",
    "put_on_hold",
    "resumed",
    "resolved",
    "reopened",
    "closed",
    "assigned",
    "released",
    "transferred",
    "waiting",
)
LIVES = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 300)), max_size=12)  # (what, minutes later)


def history(steps: list[tuple[str, int]]) -> list[Event[Any]]:
    life = Life()
    events = [life.created()]
    at = life.created_at
    for step, minutes in steps:
        at += timedelta(minutes=minutes)
        name, _, severity = step.partition("_")
        events.append(life.triaged(at, "sev_" + severity) if name == "triaged" else getattr(life, step)(at))
    return events


@given(LIVES, st.data())
@settings(max_examples=300, deadline=None)
def test_any_order_and_repetition_of_a_history_ends_in_the_same_clock(
    steps: list[tuple[str, int]], data: st.DataObject
) -> None:
    events = history(steps)
    ticket_id = events[0].subject
    in_order = SlaInMemory().hear(*events)
    again = data.draw(st.lists(st.sampled_from(range(len(events))), max_size=6))
    order = data.draw(st.permutations([*range(len(events)), *again]))
    shuffled = SlaInMemory().hear(*(events[i] for i in order))
    assert shuffled.facts(ticket_id) == in_order.facts(ticket_id)


@given(LIVES, st.data())
@settings(max_examples=300, deadline=None)
def test_a_deadline_is_told_at_most_once_whenever_one_looks(steps: list[tuple[str, int]], data: st.DataObject) -> None:
    events = history(steps)
    ticket_id = events[0].subject
    service = SlaInMemory()
    for i in data.draw(st.permutations(range(len(events)))):
        service.hear(events[i])
        minutes = data.draw(st.integers(-60, 5000))
        service.judge(ticket_id, events[0].time + timedelta(minutes=minutes))
    assert len({row["_id"] for row in service.told}) == len(service.told)
    for target in TARGETS:
        missed = [row["due_at"] for row in service.told if (row["target"], row["threshold"]) == (target, "breached")]
        assert missed == sorted(set(missed))
    assert [event.sequence for event in service.events] == list(range(1, len(service.events) + 1))
    assert all(a.time <= b.time for a, b in zip(service.events, service.events[1:], strict=False))
    service.judge(ticket_id, utc("2030-01-01 00:00"))
    assert service.clock(ticket_id)["next_due_at"] is None


def test_a_clock_is_reached_through_who_has_the_ticket_now_in_whatever_order_one_hears_of_it() -> None:
    life = Life()
    assigned, transferred = life.assigned(life.created_at), life.transferred(life.created_at)
    for events in ([assigned, transferred], [transferred, assigned]):
        clock = SlaInMemory().hear(life.created(), *events).clock(life.id)
        assert reach_of(clock) == Reach(life.id, "", "support", None)
    clock = SlaInMemory().hear(assigned).clock(life.id)
    assert reach_of(clock) == Reach(life.id, "", "infrastructure", "ben")
    assert reach_of(SlaInMemory().hear(life.created()).clock(life.id)) == Reach(life.id, "")


def test_an_automated_life_is_announced_in_few_words() -> None:
    life = Life()
    service = SlaInMemory().hear(life.created(), life.assigned(life.created_at))
    assert service.types() == ["SlaTargetsSet"]
    service.hear(life.requester_replied(utc("2026-11-23 09:10")))
    assert service.types() == ["SlaTargetsSet"]
    service.hear(life.replied(utc("2026-11-23 09:20")), life.resolved(utc("2026-11-23 09:30")))
    assert service.types() == ["SlaTargetsSet", "SlaMet", "SlaMet"]
    service.hear(life.closed(utc("2026-11-26 09:30")))
    assert service.types() == ["SlaTargetsSet", "SlaMet", "SlaMet"]


def test_the_promise_is_announced_with_its_moments() -> None:
    life = Life()
    [announced] = SlaInMemory().hear(life.created()).events
    assert (announced.data.plan_id, announced.data.plan_version) == ("standard", 1)
    assert announced.data.reason == "ticket.created, sev_c"
    assert [(t.target, t.due_at, t.state) for t in announced.data.targets] == [
        ("first_response", utc("2026-11-23 11:00"), "running"),
        ("resolution", utc("2026-11-24 09:00"), "running"),
    ]


def test_hold_resume_severity_and_reopening_are_announced_once_each() -> None:
    life = Life()
    service = SlaInMemory().hear(
        life.created(),
        life.put_on_hold(utc("2026-11-23 10:00")),
        life.resumed(utc("2026-11-23 11:00")),
        life.triaged(utc("2026-11-23 11:10"), "sev_d"),
        life.resolved(utc("2026-11-23 11:20")),
        life.reopened(utc("2026-11-23 12:00")),
        life.closed(utc("2026-11-23 12:10")),
    )
    assert service.types() == [
        "SlaTargetsSet",
        "SlaPaused",
        "SlaResumed",
        "SlaTargetsSet",
        "SlaMet",
        "SlaMet",
        "SlaTargetsSet",
        "SlaTargetsSet",
    ]
    assert service.events[3].data.reason == "ticket.triaged, sev_d: Payroll is due"
    assert [t.state for t in service.events[-1].data.targets] == ["met", "ended"]


def test_a_breach_is_told_to_the_agent_and_the_manager_and_escalates_one_step() -> None:
    life = Life()
    service = SlaInMemory().hear(life.created(), life.assigned(utc("2026-11-23 09:01")))
    service.judge(life.id, utc("2026-11-23 11:00:01"))
    assert service.types() == ["SlaTargetsSet", "SlaBreached", "TicketEscalated"]
    escalated = service.events[-1].data
    assert (escalated.target, escalated.step, escalated.priority) == ("first_response", 1, "high")
    assert escalated.agent.id == "ben"
    assert escalated.department.manager.id == "dana"
    assert escalated.reason == "first_response was due at 2026-11-23 11:00:00 UTC"
    service.judge(life.id, utc("2026-11-24 10:00"))
    assert service.types()[3:] == ["SlaBreached", "TicketEscalated"]
    assert service.events[-1].data.step == 2


def test_a_lower_severity_after_a_breach_runs_again_and_what_was_told_stays_told() -> None:
    life = Life(severity="sev_a")
    service = SlaInMemory().hear(life.created())
    service.judge(life.id, utc("2026-11-23 09:16"))
    service.hear(life.triaged(utc("2026-11-23 09:20"), "sev_d"))
    dues = [(t.target, t.due_at, t.state) for t in service.events[-1].data.targets]
    assert dues == [
        ("first_response", utc("2026-11-24 09:00"), "running"),
        ("resolution", utc("2026-11-26 09:00"), "running"),
    ]
    [told] = service.told
    assert (told["target"], told["threshold"], told["due_at"]) == (
        "first_response",
        "breached",
        utc("2026-11-23 09:15"),
    )


def test_the_later_deadline_of_a_lower_severity_is_warned_of_and_missed_like_the_first() -> None:
    life = Life(severity="sev_a")
    service = SlaInMemory().hear(life.created())
    service.judge(life.id, utc("2026-11-23 09:16"))
    service.hear(life.triaged(utc("2026-11-23 09:20"), "sev_c"))
    assert service.clock(life.id)["next_due_at"] == utc("2026-11-23 10:30")
    for moment in ("2026-11-23 10:31", "2026-11-23 11:01", "2026-11-23 11:02"):
        service.judge(life.id, utc(moment))
    assert [(type(e.data).__name__, e.data.due_at) for e in service.events if hasattr(e.data, "due_at")] == [
        ("SlaBreached", utc("2026-11-23 09:15")),
        ("SlaWarned", utc("2026-11-23 11:00")),
        ("SlaBreached", utc("2026-11-23 11:00")),
    ]
    assert [event.data.step for event in service.events if hasattr(event.data, "step")] == [1, 2]


def test_a_late_fact_that_moves_a_deadline_that_was_told_tells_nothing_more() -> None:
    life = Life()
    service = SlaInMemory().hear(life.created())
    held, resumed = life.put_on_hold(utc("2026-11-23 10:50")), life.resumed(utc("2026-11-23 10:55"))
    service.judge(life.id, utc("2026-11-23 11:10"))
    service.hear(held, resumed)
    assert service.clock(life.id)["targets"]["first_response"]["due_at"] == utc("2026-11-23 11:05")
    service.judge(life.id, utc("2026-11-23 12:00"))
    assert service.types().count("SlaBreached") == 1


def test_what_was_told_before_its_moment_was_kept_is_told_for_good() -> None:
    life = Life(severity="sev_a")
    service = SlaInMemory().hear(life.created())
    known = {**service.clock(life.id), "told": ["first_response:breached:0", "resolution:breached:0"]}
    service.documents.apply(Changes(documents=[(CLOCKS, known)]), [0])
    service.hear(life.triaged(utc("2026-11-23 09:20"), "sev_c"))
    service.judge(life.id, utc("2026-11-30 11:01"))
    assert service.told == []


def test_a_ticket_that_is_closed_while_on_hold_ends_its_targets() -> None:
    life = Life()
    service = SlaInMemory().hear(
        life.created(), life.put_on_hold(utc("2026-11-23 09:10")), life.closed(utc("2026-11-23 09:20"))
    )
    assert service.types() == ["SlaTargetsSet", "SlaPaused", "SlaTargetsSet"]
    assert [(t.state, t.due_at) for t in service.events[-1].data.targets] == [("ended", None), ("ended", None)]


def test_a_promise_that_was_kept_is_never_told_as_missed_however_urgent_the_ticket_becomes() -> None:
    life = Life(severity="sev_d")
    service = SlaInMemory().hear(life.created(), life.resolved(utc("2026-11-23 12:00")))
    kept = ["SlaTargetsSet", "SlaMet", "SlaMet"]
    assert service.types() == kept
    service.hear(life.triaged(utc("2026-11-23 13:00"), "sev_a"))
    service.judge(life.id, utc("2026-11-24 13:00"))
    assert service.types() == kept


def test_a_warning_of_a_waiting_ticket_is_told_to_the_manager_alone() -> None:
    life = Life()
    service = SlaInMemory().hear(life.created(), life.waiting(utc("2026-11-23 09:01")))
    service.judge(life.id, utc("2026-11-23 10:31"))
    assert service.types() == ["SlaTargetsSet", "SlaWarned"]
    assert service.events[-1].data.agent is None
    assert service.events[-1].data.department.manager.id == "dana"


def test_a_released_ticket_has_no_agent_to_tell() -> None:
    life = Life()
    service = SlaInMemory().hear(life.created(), life.assigned(life.created_at), life.released(life.created_at))
    service.judge(life.id, utc("2026-11-23 10:31"))
    assert service.events[-1].data.agent is None


def test_who_keeps_a_transferred_ticket_reaches_its_clock_and_is_told() -> None:
    life = Life()
    service = SlaInMemory().hear(life.created(), life.assigned(life.created_at), life.transferred(life.created_at, BEN))
    assert reach_of(service.clock(life.id)) == Reach(life.id, "", "support", "ben")
    service.judge(life.id, utc("2026-11-23 11:01"))
    assert service.types() == ["SlaTargetsSet", "SlaBreached", "TicketEscalated"]
    assert [told.data.agent and told.data.agent.address for told in service.events[1:]] == ["ben@desk.example"] * 2


def test_a_breach_of_a_resolved_ticket_is_told_but_escalates_nothing() -> None:
    life = Life()
    service = SlaInMemory().hear(life.created(), life.resolved(utc("2026-11-23 12:00")))
    service.judge(life.id, utc("2026-11-23 13:00"))
    assert service.types()[-1] == "SlaBreached"
    assert "TicketEscalated" not in service.types()


def test_an_answer_that_comes_late_by_the_wire_corrects_the_fold_but_not_what_was_told() -> None:
    life = Life()
    service = SlaInMemory().hear(life.created())
    answer = life.replied(utc("2026-11-23 10:00"))
    service.judge(life.id, utc("2026-11-23 11:30"))
    service.hear(answer)
    clock = service.clock(life.id)
    assert clock["targets"]["first_response"]["state"] == "met"
    assert [(row["target"], row["threshold"]) for row in clock["told"]] == [("first_response", "breached")]
    assert service.types()[-1] == "SlaMet"
