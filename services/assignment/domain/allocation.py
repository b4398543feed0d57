"""Which waiting ticket goes to whom: the most urgent first, to the agent with the least load."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

POLICY_VERSION = 1
URGENCY = {"emergency": 0, "high": 1, "normal": 2, "low": 3}
AT_CAPACITY = "at_capacity"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

Standing = tuple[float, datetime, str]


@dataclass(frozen=True)
class WaitingTicket:
    id: str
    department_id: str
    skills: frozenset[str]
    priority: str
    created_at: datetime
    released_by: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Agent:
    """`open` tickets he has now; `assigned_at`: when he was last given one."""

    id: str
    departments: frozenset[str]
    skills: frozenset[str]
    capacity: int
    available: bool = True
    active: bool = True
    open: int = 0
    assigned_at: datetime | None = None


@dataclass(frozen=True)
class Verdict:
    """`candidates`: open tickets of each who could. `excluded`: the rest of the department, by the reason for each."""

    ticket_id: str
    agent_id: str | None
    candidates: dict[str, int]
    excluded: dict[str, list[str]]
    tie_break: str | None


@dataclass
class _Kind:
    """Tickets that need the same: who is free for them, in the order of choice, and what keeps the others out."""

    free: dict[str, int]
    full: list[str]
    unfit: dict[str, list[str]]
    queue: list[Standing]

    def choose(self) -> tuple[str | None, str | None]:
        """(agent, what decided between him and the next best)"""
        if not self.queue:
            return None, None
        best = self.queue[0]
        if len(self.queue) == 1:
            return best[2], "only_candidate"
        next_best = self.queue[1]
        if best[0] != next_best[0]:
            return best[2], "least_load"
        return best[2], "assigned_longest_ago" if best[1] != next_best[1] else "id"

    def excluded(self) -> dict[str, list[str]]:
        return {**self.unfit, AT_CAPACITY: sorted(self.full)} if self.full else self.unfit

    def moved(self, before: Standing, after: Standing, load: int, capacity: int) -> None:
        """An agent has one ticket more, and another place in the queue, or none."""
        agent_id = after[2]
        if agent_id not in self.free:
            return
        del self.queue[bisect_left(self.queue, before)]
        if load < capacity:
            insort(self.queue, after)
            self.free[agent_id] = load
        else:
            del self.free[agent_id]
            self.full.append(agent_id)


def allocate(waiting: Iterable[WaitingTicket], agents: Sequence[Agent], now: datetime) -> list[Verdict]:
    """A verdict for each ticket, in the order in which they were considered."""
    by_id = {agent.id: agent for agent in agents}
    load = {agent.id: agent.open for agent in agents}
    standing = {agent.id: _standing(agent.id, agent.open, agent.capacity, agent.assigned_at) for agent in agents}
    kinds: dict[tuple[str, frozenset[str], frozenset[str]], _Kind] = {}
    verdicts = []
    for ticket in sorted(waiting, key=_urgency):
        demand = (ticket.department_id, ticket.skills, ticket.released_by)
        if demand not in kinds:
            kinds[demand] = _kind(ticket, agents, load, standing)
        kind = kinds[demand]
        chosen, tie_break = kind.choose()
        verdicts.append(Verdict(ticket.id, chosen, dict(kind.free), kind.excluded(), tie_break))
        if chosen is not None:
            load[chosen] += 1
            before, capacity = standing[chosen], by_id[chosen].capacity
            standing[chosen] = _standing(chosen, load[chosen], capacity, now)
            for each in kinds.values():
                each.moved(before, standing[chosen], load[chosen], capacity)
    return verdicts


def _urgency(ticket: WaitingTicket) -> tuple[int, datetime, str]:
    return URGENCY[ticket.priority], ticket.created_at, ticket.id


def _standing(agent_id: str, load: int, capacity: int, assigned_at: datetime | None) -> Standing:
    return load / capacity if capacity else 1.0, assigned_at or _NEVER, agent_id


def _kind(ticket: WaitingTicket, agents: Sequence[Agent], load: dict[str, int], standing: dict[str, Standing]) -> _Kind:
    kind = _Kind({}, [], {}, [])
    for agent in agents:
        if ticket.department_id not in agent.departments:
            continue
        if reason := _unfit(agent, ticket):
            kind.unfit.setdefault(reason, []).append(agent.id)
        elif load[agent.id] < agent.capacity:
            kind.free[agent.id] = load[agent.id]
            insort(kind.queue, standing[agent.id])
        else:
            kind.full.append(agent.id)
    return kind


def _unfit(agent: Agent, ticket: WaitingTicket) -> str | None:
    if not agent.active:
        return "inactive"
    if not agent.available:
        return "unavailable"
    if not agent.skills >= ticket.skills:
        return "lacks_skill"
    if agent.id in ticket.released_by:
        return "released_it"
    return None
