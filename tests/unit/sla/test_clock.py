"""Deadlines by hand. Ana's sev_c ticket of Monday 10:00 in Berlin: two office hours to answer, eight to resolve."""

from datetime import datetime, timedelta

from services.sla.domain.clock import Clock, Fact, Target, fold
from services.sla.domain.explanation import explain
from services.sla.domain.judgement import Finding, Told, findings, is_missed, next_moment, raised
from services.sla.domain.plan import TARGETS
from tests.support.sla_cast import standard, utc

CREATED = utc("2026-11-23 09:00")
PLAN = standard()


def clock(*facts: tuple[str, str], severity: str = "sev_c", created_at: datetime = CREATED) -> Clock:
    """Folds ("resolved", "2026-11-23 10:00") and the like."""
    numbered = [Fact(i + 2, kind, utc(at), severity, f"because {kind}") for i, (kind, at) in enumerate(facts)]
    return fold(created_at, severity, numbered, dict.fromkeys(TARGETS, PLAN))


def first_response(found: Clock) -> Target:
    return found.targets[0]


def resolution(found: Clock) -> Target:
    return found.targets[1]


def due(target: Target) -> datetime | None:
    return target.due and target.due.at


def warn(target: Target) -> datetime | None:
    return target.warn and target.warn.at


def test_the_clock_runs_from_creation() -> None:
    new = clock()
    assert [t.state for t in new.targets] == ["running", "running"]
    assert due(first_response(new)) == utc("2026-11-23 11:00")
    assert warn(first_response(new)) == utc("2026-11-23 10:30")
    assert due(resolution(new)) == utc("2026-11-24 09:00")  # seven hours until 17:00, one on Tuesday
    assert warn(resolution(new)) == utc("2026-11-23 15:00")


def test_the_standard_plan_promises_by_severity() -> None:
    friday_evening = utc("2026-11-20 19:00")
    expected = {
        "sev_a": ("2026-11-20 19:15", "2026-11-20 20:00"),
        "sev_b": ("2026-11-20 20:00", "2026-11-20 23:00"),
        "sev_c": ("2026-11-23 10:00", "2026-11-23 16:00"),
        "sev_d": ("2026-11-23 16:00", "2026-11-25 16:00"),
    }
    for severity, (answer_by, resolve_by) in expected.items():
        found = clock(severity=severity, created_at=friday_evening)
        assert [due(target) for target in found.targets] == [utc(answer_by), utc(resolve_by)]


def test_the_first_public_reply_meets_the_first_response() -> None:
    answered = clock(("agent_replied", "2026-11-23 10:00"))
    assert first_response(answered).state == "met"
    assert first_response(answered).stopped_at == utc("2026-11-23 10:00")
    assert due(first_response(answered)) == utc("2026-11-23 11:00")
    assert resolution(answered).state == "running"


def test_an_answer_on_the_last_moment_is_in_time_and_one_later_is_not() -> None:
    assert first_response(clock(("agent_replied", "2026-11-23 11:00"))).state == "met"
    late = first_response(clock(("agent_replied", "2026-11-23 11:00:00.001")))
    assert (late.state, due(late)) == ("breached", utc("2026-11-23 11:00"))


def test_hold_pauses_the_clock_and_a_resume_goes_on_with_what_is_left() -> None:
    held = clock(("put_on_hold", "2026-11-23 10:00"))
    assert [(t.state, t.due) for t in held.targets] == [("paused", None), ("paused", None)]
    resumed = clock(("put_on_hold", "2026-11-23 10:00"), ("resumed", "2026-11-24 10:00"))
    assert due(first_response(resumed)) == utc("2026-11-24 11:00")
    assert due(resolution(resumed)) == utc("2026-11-25 09:00")  # six hours on Tuesday from 11:00, one on Wednesday


def test_a_target_missed_before_the_hold_stays_missed() -> None:
    held = clock(("put_on_hold", "2026-11-23 12:00"))
    assert (first_response(held).state, due(first_response(held))) == ("breached", utc("2026-11-23 11:00"))
    assert resolution(held).state == "paused"


def test_resolving_meets_both_targets_even_from_hold() -> None:
    resolved = clock(("put_on_hold", "2026-11-23 10:00"), ("resolved", "2026-11-23 10:30"))
    assert [t.state for t in resolved.targets] == ["met", "met"]
    assert due(first_response(resolved)) == utc("2026-11-23 11:30")  # half an hour was on hold
    assert not resolved.is_open


def test_after_a_reopening_the_resolution_runs_on_with_the_time_worked_before() -> None:
    reopened = clock(("resolved", "2026-11-23 10:00"), ("reopened", "2026-11-25 08:00"))
    assert first_response(reopened).state == "met"
    assert resolution(reopened).state == "running"
    assert resolution(reopened).due == (utc("2026-11-25 15:00"), 1)  # seven of the eight hours are left


def test_a_resolution_missed_before_a_reopening_is_not_missed_again() -> None:
    late = [("resolved", "2026-11-24 10:00"), ("reopened", "2026-11-25 08:00")]
    found = resolution(clock(*late))
    assert (found.state, found.due) == ("breached", (utc("2026-11-24 09:00"), 0))


def test_closing_as_spam_ends_the_targets_neither_met_nor_missed() -> None:
    spam = clock(("closed", "2026-11-23 09:10"))
    assert [(t.state, t.due) for t in spam.targets] == [("ended", None), ("ended", None)]


def test_closing_a_resolved_ticket_changes_nothing() -> None:
    resolved = [("resolved", "2026-11-23 10:00")]
    assert clock(*resolved, ("closed", "2026-11-26 10:00")).targets == clock(*resolved).targets


def test_a_new_severity_counts_from_the_start_of_the_clock() -> None:
    raised_at_noon = clock(severity="sev_a")
    assert due(resolution(raised_at_noon)) == utc("2026-11-23 10:00")


def test_what_was_answered_in_time_is_not_missed_by_a_severity_that_was_raised_afterwards() -> None:
    answer = Fact(2, "agent_replied", utc("2026-11-23 09:30"), "sev_c")
    raised_later = fold(CREATED, "sev_a", [answer], dict.fromkeys(TARGETS, PLAN))
    assert (first_response(raised_later).state, due(first_response(raised_later))) == ("met", utc("2026-11-23 11:00"))
    assert (resolution(raised_later).state, due(resolution(raised_later))) == ("running", utc("2026-11-23 10:00"))


def test_what_was_missed_is_not_made_good_by_a_severity_that_was_lowered_afterwards() -> None:
    late = [Fact(2, "resolved", utc("2026-11-23 12:00"), "sev_a"), Fact(3, "closed", utc("2026-11-26 12:00"), "sev_d")]
    lowered_later = fold(CREATED, "sev_d", late, dict.fromkeys(TARGETS, PLAN))
    assert [(t.state, due(t)) for t in lowered_later.targets] == [
        ("breached", utc("2026-11-23 09:15")),
        ("breached", utc("2026-11-23 10:00")),
    ]


def test_after_a_reopening_the_present_severity_counts() -> None:
    facts = [
        Fact(2, "resolved", utc("2026-11-23 09:30"), "sev_d"),
        Fact(3, "reopened", utc("2026-11-23 10:00"), "sev_a"),
    ]
    reopened = fold(CREATED, "sev_a", facts, dict.fromkeys(TARGETS, PLAN))
    assert first_response(reopened).state == "met"
    assert resolution(reopened).due == (utc("2026-11-23 10:30"), 1)  # half of the hour had been worked


def test_a_warning_comes_first_then_the_breach_then_nothing() -> None:
    targets = clock().targets
    assert next_moment(targets, []) == utc("2026-11-23 10:30")
    assert findings(targets, [], utc("2026-11-23 10:30")) == []
    [warning] = findings(targets, [], utc("2026-11-23 10:31"))
    assert warning == Finding("first_response", "warned", 0, utc("2026-11-23 11:00"))
    told = [Told("first_response", "warned", utc("2026-11-23 10:31"))]
    assert next_moment(targets, told) == utc("2026-11-23 11:00")
    [breach] = findings(targets, told, utc("2026-11-23 11:01"))
    assert breach == Finding("first_response", "breached", 0, utc("2026-11-23 11:00"))
    told += [Told(target, "breached", utc("2026-11-24 09:01")) for target in ("first_response", "resolution")]
    assert next_moment(targets, told) is None
    assert findings(targets, told, utc("2027-01-01 00:00")) == []


def test_after_a_long_outage_a_missed_target_is_told_without_its_warning() -> None:
    found = findings(clock().targets, [], utc("2026-11-25 00:00"))
    assert found == [
        Finding("first_response", "breached", 0, utc("2026-11-23 11:00")),
        Finding("resolution", "breached", 0, utc("2026-11-24 09:00")),
    ]


def test_what_was_told_covers_the_deadlines_before_it_and_no_later_one() -> None:
    targets = clock().targets  # the first response is due at 11:00
    told_later = [Told(target, "breached", utc("2026-11-24 09:01")) for target in ("first_response", "resolution")]
    assert findings(targets, told_later, utc("2027-01-01 00:00")) == []
    told_of_an_earlier_one = [Told("first_response", kind, utc("2026-11-23 09:20")) for kind in ("warned", "breached")]
    assert next_moment(targets, told_of_an_earlier_one) == utc("2026-11-23 10:30")
    [breach] = findings(targets, told_of_an_earlier_one, utc("2026-11-23 11:01"))
    assert breach == Finding("first_response", "breached", 0, utc("2026-11-23 11:00"))


def test_a_paused_clock_has_nothing_to_tell() -> None:
    held = clock(("put_on_hold", "2026-11-23 10:00")).targets
    assert next_moment(held, []) is None
    assert findings(held, [], utc("2027-01-01 00:00")) == []


def test_a_late_resolution_is_still_told_as_missed() -> None:
    late = clock(("agent_replied", "2026-11-23 10:00"), ("resolved", "2026-11-24 10:00"))
    [finding] = findings(late.targets, [], utc("2026-11-24 10:00"))
    assert finding == Finding("resolution", "breached", 0, utc("2026-11-24 09:00"))
    assert is_missed(resolution(late), utc("2026-11-24 10:00"))


def test_priority_rises_by_steps_up_to_emergency() -> None:
    assert [raised(p, 1) for p in ("low", "normal", "high", "emergency")] == [
        "normal",
        "high",
        "emergency",
        "emergency",
    ]
    assert raised("low", 2) == "high"


def test_a_deadline_is_explained_by_stretches_that_add_up_to_it() -> None:
    found = clock(("put_on_hold", "2026-11-23 10:00"), ("resumed", "2026-11-23 12:00"))
    schedule = PLAN.promise("sev_c", "resolution").schedule
    stretches = explain(found.spans, resolution(found), schedule, utc("2026-11-23 12:30"))
    assert [(s.kind, s.start, s.end) for s in stretches] == [
        ("worked", utc("2026-11-23 09:00"), utc("2026-11-23 10:00")),
        ("on_hold", utc("2026-11-23 10:00"), utc("2026-11-23 12:00")),
        ("worked", utc("2026-11-23 12:00"), utc("2026-11-23 16:00")),
        ("outside_hours", utc("2026-11-23 16:00"), utc("2026-11-24 08:00")),
        ("worked", utc("2026-11-24 08:00"), utc("2026-11-24 11:00")),
    ]
    assert stretches[1].because == "because put_on_hold"
    assert stretches[3].because == "outside the hours of office (Europe/Berlin)"
    assert sum((s.length for s in stretches if s.kind == "worked"), timedelta()) == timedelta(hours=8)


def test_a_paused_clock_is_explained_until_now() -> None:
    held = clock(("put_on_hold", "2026-11-23 10:00"))
    schedule = PLAN.promise("sev_c", "resolution").schedule
    stretches = explain(held.spans, resolution(held), schedule, utc("2026-11-23 10:20"))
    assert [(s.kind, s.length) for s in stretches] == [
        ("worked", timedelta(hours=1)),
        ("on_hold", timedelta(minutes=20)),
    ]
