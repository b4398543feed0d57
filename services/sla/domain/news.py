"""What is worth announcing when a clock has been folded again: the difference to what it said before."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from services.sla.domain.clock import Target
from services.sla.domain.judgement import Told, is_missed, is_told
from shared.events.sla import SlaMet, SlaPaused, SlaResumed, SlaTargetsSet, TargetDue
from shared.events.ticket import TicketSnapshot

News = SlaTargetsSet | SlaPaused | SlaResumed | SlaMet


def news(
    ticket: TicketSnapshot,
    before: Sequence[Target],
    after: Sequence[Target],
    told: Collection[Told],
    plan: tuple[str, int],
    reason: str,
    now: datetime,
) -> list[News]:
    """`before` is empty for a new clock; `plan` is (id, version). Nothing when the promises stand as they stood."""
    dues = dues_of(after, told, now)
    found: list[News] = [
        SlaMet(ticket, target.name, target.due.at, target.stopped_at, dues)
        for old, target in zip(before, after, strict=False)
        if target.state == "met" != old.state and target.due is not None and target.stopped_at is not None
    ]
    if found:
        return found
    changes = [(old.state, new.state) for old, new in zip(before, after, strict=False)]
    if ("running", "paused") in changes:
        return [SlaPaused(ticket, dues)]
    if ("paused", "running") in changes:
        return [SlaResumed(ticket, dues)]
    if not before or _promises(dues) != _promises(dues_of(before, told, now)):
        return [SlaTargetsSet(ticket, *plan, dues, reason)]
    return []


def _promises(dues: Iterable[TargetDue]) -> list[tuple[datetime | None, bool]]:
    """A target that was paused has no moment to lose when its ticket is closed, and still ends."""
    return [(due.due_at, due.state == "ended") for due in dues]


def dues_of(targets: Sequence[Target], told: Collection[Told], now: datetime) -> tuple[TargetDue, ...]:
    return tuple(_due(target, told, now) for target in targets)


def _due(target: Target, told: Collection[Told], now: datetime) -> TargetDue:
    """A target that still runs is called missed only once that was told: until then there may be facts unheard."""
    if target.due is None or target.state not in ("running", "breached"):
        return TargetDue(target.name, None, target.state)
    state = "breached" if is_told(target, told) and is_missed(target, now) else target.state
    return TargetDue(target.name, target.due.at, state)
