"""Which waiting ticket goes to whom: the most urgent first, to the agent with the least load."""

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


def allocate(waiting: Iterable[WaitingTicket], agents: Sequence[Agent], now: datetime) -> list[Verdict]:
    """A verdict for each ticket, in the order in which they were considered."""
    load = {agent.id: agent.open for agent in agents}
    capacity = {agent.id: agent.capacity for agent in agents}
    standing = {agent.id: _standing(agent.id, agent.open, agent.capacity, agent.assigned_at) for agent in agents}
    fitness: dict[tuple[str, frozenset[str], frozenset[str]], tuple[list[str], dict[str, list[str]]]] = {}
    verdicts = []
    for ticket in sorted(waiting, key=_urgency):
        demand = (ticket.department_id, ticket.skills, ticket.released_by)
        if demand not in fitness:
            fitness[demand] = _fit_and_excluded(ticket, agents)
        fit, excluded = fitness[demand]
        candidates = {agent_id: load[agent_id] for agent_id in fit if load[agent_id] < capacity[agent_id]}
        if len(candidates) < len(fit):
            excluded = {**excluded, AT_CAPACITY: [agent_id for agent_id in fit if agent_id not in candidates]}
        chosen, tie_break = _choose([standing[agent_id] for agent_id in candidates])
        if chosen is not None:
            load[chosen] += 1
            standing[chosen] = _standing(chosen, load[chosen], capacity[chosen], now)
        verdicts.append(Verdict(ticket.id, chosen, candidates, excluded, tie_break))
    return verdicts


def _urgency(ticket: WaitingTicket) -> tuple[int, datetime, str]:
    return URGENCY[ticket.priority], ticket.created_at, ticket.id


def _standing(agent_id: str, load: int, capacity: int, assigned_at: datetime | None) -> Standing:
    return load / capacity if capacity else 1.0, assigned_at or _NEVER, agent_id


def _fit_and_excluded(ticket: WaitingTicket, agents: Sequence[Agent]) -> tuple[list[str], dict[str, list[str]]]:
    fit: list[str] = []
    excluded: dict[str, list[str]] = {}
    for agent in agents:
        if ticket.department_id in agent.departments:
            reason = _unfit(agent, ticket)
            (fit if reason is None else excluded.setdefault(reason, [])).append(agent.id)
    return fit, excluded


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


def _choose(standings: list[Standing]) -> tuple[str | None, str | None]:
    """(agent, what decided between him and the next best)"""
    if not standings:
        return None, None
    best = min(standings)
    if len(standings) == 1:
        return best[2], "only_candidate"
    next_best = min(standing for standing in standings if standing is not best)
    if best[0] != next_best[0]:
        return best[2], "least_load"
    return best[2], "assigned_longest_ago" if best[1] != next_best[1] else "id"
