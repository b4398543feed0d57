"""The clock of one ticket: what is due and when, as a function of what happened and what was promised.

The clock runs from the ticket's creation, assigned or not. It is paused on hold, stops when the ticket is resolved,
and after a reopening runs on with the time worked before. A new severity counts from the start of the clock. The first
response is the first public reply by an agent, or the resolution if that comes first. A ticket that is closed
unresolved ends its targets, neither met nor missed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from services.sla.domain import business_time
from services.sla.domain.plan import FIRST_RESPONSE, TARGETS, Plan, Promise
from services.sla.domain.schedule import Schedule

_NEXT = {
    ("running", "put_on_hold"): "on_hold",
    ("on_hold", "resumed"): "running",
    ("running", "resolved"): "resolved",
    ("on_hold", "resolved"): "resolved",
    ("resolved", "reopened"): "running",
    ("running", "closed"): "closed",
    ("on_hold", "closed"): "closed",
    ("resolved", "closed"): "closed",
}


@dataclass(frozen=True)
class Fact:
    """Intake numbers what happens to a ticket; its numbers are their order."""

    sequence: int
    kind: str  # agent_replied, put_on_hold, resumed, resolved, reopened, closed
    at: datetime
    reason: str = ""


@dataclass(frozen=True)
class Span:
    """A stretch of the ticket's life; `cycle` counts the reopenings before it."""

    state: str  # running, on_hold, resolved, closed
    start: datetime
    end: datetime | None
    cycle: int
    reason: str = ""


class Threshold(NamedTuple):
    at: datetime
    cycle: int


@dataclass(frozen=True)
class Target:
    """`due` and `warn` are None while that moment isn't known: paused, or ended before it came."""

    name: str
    state: str  # running, paused, met, breached, ended
    due: Threshold | None
    warn: Threshold | None
    stopped_at: datetime | None
    plan_version: int


@dataclass(frozen=True)
class Clock:
    spans: tuple[Span, ...]
    targets: tuple[Target, ...]

    @property
    def is_open(self) -> bool:
        return self.spans[-1].state in ("running", "on_hold")


def fold(created_at: datetime, severity: str, facts: Sequence[Fact], plans: Mapping[str, Plan]) -> Clock:
    """`facts` in order; `plans` names for each target the plan that was promised."""
    spans = spans_of(created_at, facts)
    targets = []
    for name in TARGETS:
        plan = plans[name]
        stopped_at, is_fulfilled = _stop(name, spans, facts)
        targets.append(_target(name, plan.promise(severity, name), plan.version, spans, stopped_at, is_fulfilled))
    return Clock(spans, tuple(targets))


def spans_of(created_at: datetime, facts: Sequence[Fact]) -> tuple[Span, ...]:
    spans = [Span("running", created_at, None, cycle=0)]
    for fact in facts:
        last = spans[-1]
        state = _NEXT.get((last.state, fact.kind))
        if state is not None:
            spans[-1] = replace(last, end=fact.at)
            spans.append(Span(state, fact.at, None, last.cycle + (fact.kind == "reopened"), fact.reason))
    return tuple(spans)


def counted(spans: Sequence[Span], until: datetime | None) -> list[Span]:
    """The spans up to the moment at which a target stopped, the last one cut there."""
    if until is None:
        return list(spans)
    return [
        replace(span, end=until) if span.end is None or span.end > until else span
        for span in spans
        if span.start < until
    ]


def worked(spans: Sequence[Span], schedule: Schedule, now: datetime) -> timedelta:
    """The working time in `spans`, an open one counted until `now`."""
    return sum(
        (business_time.between(schedule, span.start, span.end or now) for span in spans if span.state == "running"),
        timedelta(),
    )


def _stop(name: str, spans: Sequence[Span], facts: Sequence[Fact]) -> tuple[datetime | None, bool]:
    """When the target stopped being waited for, and whether that was because it was done."""
    if name == FIRST_RESPONSE:
        for fact in facts:
            if fact.kind in ("agent_replied", "resolved"):
                return fact.at, True
    last = spans[-1]
    if last.state == "closed":
        before = spans[-2]
        return (before.start, True) if before.state == "resolved" else (last.start, False)
    return (last.start, True) if last.state == "resolved" else (None, False)


def _target(
    name: str, promise: Promise, version: int, spans: Sequence[Span], stopped_at: datetime | None, is_fulfilled: bool
) -> Target:
    considered = counted(spans, stopped_at)
    due = _crossing(considered, promise.schedule, promise.within)
    warn = _crossing(considered, promise.schedule, promise.warn_after)
    if stopped_at is None:
        last = spans[-1]
        if due is None:
            state = "paused"
        else:
            state = "running" if last.state == "running" and due.at >= last.start else "breached"
    elif due is not None:
        state = "breached"
    elif is_fulfilled:
        state = "met"
        remaining = promise.within - worked(considered, promise.schedule, stopped_at)
        due = Threshold(business_time.add(promise.schedule, stopped_at, remaining), spans[-1].cycle)
    else:
        state = "ended"
    return Target(name, state, due, warn, stopped_at, version)


def _crossing(spans: Sequence[Span], schedule: Schedule, amount: timedelta) -> Threshold | None:
    """The moment at which more than `amount` begins to have been worked: exactly on time is in time."""
    for span in spans:
        if span.state == "running":
            at = business_time.add(schedule, span.start, amount)
            if span.end is None or at < span.end:
                return Threshold(at, span.cycle)
            amount -= business_time.between(schedule, span.start, span.end)
    return None
