"""Which thresholds of a clock are still to be told, and when: each once, and again only for a later deadline."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from services.sla.domain.clock import Target, Threshold

WARNED = "warned"
BREACHED = "breached"
_PRIORITIES = ("low", "normal", "high", "emergency")


class Told(NamedTuple):
    """Somebody looked, and told it. `until`: the moment before which all was known then.

    A deadline before that is the one that was told, or the same one corrected by a late fact. One after it is another
    promise: the ticket was triaged down, or reopened.
    """

    target: str
    threshold: str  # warned, breached
    until: datetime


@dataclass(frozen=True)
class Finding:
    target: str
    threshold: str  # warned, breached
    cycle: int
    due_at: datetime


def findings(targets: Iterable[Target], told: Collection[Told], moment: datetime) -> list[Finding]:
    """What has passed before `moment` and was not told. After a breach there is nothing left to warn of."""
    found = []
    for target in targets:
        passed = [(kind, threshold.cycle) for kind, threshold in _pending(target, told) if threshold.at < moment]
        if passed and target.due is not None:
            found.append(Finding(target.name, *passed[-1], target.due.at))
    return found


def next_moment(targets: Iterable[Target], told: Collection[Told]) -> datetime | None:
    """When the clock is to be looked at next."""
    return min((threshold.at for target in targets for _, threshold in _pending(target, told)), default=None)


def is_missed(target: Target, moment: datetime) -> bool:
    """Whether the target was missed before `moment`, by the facts known."""
    return target.due is not None and target.state in ("running", "breached") and target.due.at < moment


def is_told(target: Target, told: Collection[Told]) -> bool:
    return target.due is not None and _covers(told, target.name, BREACHED, target.due)


def raised(priority: str, steps: int) -> str:
    """The priority that many steps up; there is nothing above an emergency."""
    return _PRIORITIES[min(_PRIORITIES.index(priority) + steps, len(_PRIORITIES) - 1)]


def _pending(target: Target, told: Collection[Told]) -> Iterator[tuple[str, Threshold]]:
    """In the order of time."""
    if target.due is None or target.state not in ("running", "breached") or is_told(target, told):
        return
    if target.state == "running" and target.warn and not _covers(told, target.name, WARNED, target.warn):
        yield WARNED, target.warn
    yield BREACHED, target.due


def _covers(told: Collection[Told], target: str, threshold: str, passed: Threshold) -> bool:
    return any(row[:2] == (target, threshold) and passed.at < row.until for row in told)
