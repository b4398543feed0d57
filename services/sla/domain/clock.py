"""The clock of one ticket: what is due and when, as a function of what happened and what was promised.

The clock runs from the ticket's creation, assigned or not. It is paused on hold, stops when the ticket is resolved,
and after a reopening runs on with the time worked before. A new severity counts from the start of the clock, for what
is still waited for: what was kept or missed stays so. The first response is the first public reply by an agent, or the
resolution if that comes first. A ticket that is closed unresolved ends its targets, neither met nor missed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from services.sla.domain import business_time
from services.sla.domain.plan import FIRST_RESPONSE, TARGETS, Plan
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
    """Intake numbers what happens to a ticket; its numbers are their order. `severity` is what the ticket had then."""

    sequence: int
    kind: str  # agent_replied, put_on_hold, resumed, resolved, reopened, closed
    at: datetime
    severity: str
    reason: str = ""


@dataclass(frozen=True)
class Span:
    """A stretch of the ticket's life; `cycle` counts the reopenings before it. `by` began it, or the creation did."""

    state: str  # running, on_hold, resolved, closed
    start: datetime
    end: datetime | None
    cycle: int
    by: Fact | None = None


class Threshold(NamedTuple):
    at: datetime
    cycle: int


@dataclass(frozen=True)
class Target:
    """`due` and `warn` are None while that moment isn't known: paused, or ended before it came.

    `severity`: by whose promise it is judged, the ticket's present one or, once stopped, the one it had then.
    """

    name: str
    severity: str
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
        stop = _stop(name, spans, facts)
        targets.append(_target(name, stop.severity if stop else severity, plans[name], spans, stop))
    return Clock(spans, tuple(targets))


def spans_of(created_at: datetime, facts: Sequence[Fact]) -> tuple[Span, ...]:
    spans = [Span("running", created_at, None, cycle=0)]
    for fact in facts:
        last = spans[-1]
        state = _NEXT.get((last.state, fact.kind))
        if state is not None:
            spans[-1] = replace(last, end=fact.at)
            spans.append(Span(state, fact.at, None, last.cycle + (fact.kind == "reopened"), fact))
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


def _stop(name: str, spans: Sequence[Span], facts: Sequence[Fact]) -> Fact | None:
    """What ended the waiting for the target."""
    if name == FIRST_RESPONSE:
        for fact in facts:
            if fact.kind in ("agent_replied", "resolved"):
                return fact
    last = spans[-1]
    if last.state == "closed" and spans[-2].state == "resolved":
        return spans[-2].by
    return last.by if last.state in ("resolved", "closed") else None


def _target(name: str, severity: str, plan: Plan, spans: Sequence[Span], stop: Fact | None) -> Target:
    promise = plan.promise(severity, name)
    stopped_at = stop.at if stop else None
    considered = counted(spans, stopped_at)
    due = _crossing(considered, promise.schedule, promise.within)
    warn = _crossing(considered, promise.schedule, promise.warn_after)
    if stop is None:
        last = spans[-1]
        if due is None:
            state = "paused"
        else:
            state = "running" if last.state == "running" and due.at >= last.start else "breached"
    elif due is not None:
        state = "breached"
    elif stop.kind == "closed":
        state = "ended"
    else:
        state = "met"
        remaining = promise.within - worked(considered, promise.schedule, stop.at)
        due = Threshold(business_time.add(promise.schedule, stop.at, remaining), spans[-1].cycle)
    return Target(name, severity, state, due, warn, stopped_at, plan.version)


def _crossing(spans: Sequence[Span], schedule: Schedule, amount: timedelta) -> Threshold | None:
    """The moment at which more than `amount` begins to have been worked: exactly on time is in time."""
    for span in spans:
        if span.state == "running":
            at = business_time.add(schedule, span.start, amount)
            if span.end is None or at < span.end:
                return Threshold(at, span.cycle)
            amount -= business_time.between(schedule, span.start, span.end)
    return None
