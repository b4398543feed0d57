"""Who gets which ticket, by rule; and what holds whatever the desk looks like."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.assignment.domain.allocation import Agent, Verdict, WaitingTicket, allocate
from tests.unit.assignment.cast import NINE, minutes

SUPPORT = frozenset({"support"})
NOTHING: frozenset[str] = frozenset()


def waiting(name: str, priority: str = "normal", minute: int = 0, **more: frozenset[str]) -> WaitingTicket:
    return WaitingTicket(name, "support", more.pop("skills", NOTHING), priority, NINE + minutes(minute), **more)


def given_out(verdicts: list[Verdict]) -> list[tuple[str, str | None]]:
    return [(verdict.ticket_id, verdict.agent_id) for verdict in verdicts]


def test_the_most_urgent_is_served_first_and_then_who_has_waited_longest() -> None:
    tickets = [
        waiting("late", "high", 5),
        waiting("low", "low", 0),
        waiting("early", "high", 1),
        waiting("e", "emergency", 9),
    ]
    ben = Agent("ben", SUPPORT, NOTHING, capacity=3)
    assert given_out(allocate(tickets, [ben], NINE)) == [("e", "ben"), ("early", "ben"), ("late", "ben"), ("low", None)]


def test_the_least_load_for_his_capacity_is_chosen() -> None:
    ben = Agent("ben", SUPPORT, NOTHING, capacity=10, open=2)
    cleo = Agent("cleo", SUPPORT, NOTHING, capacity=30, open=3)
    [verdict] = allocate([waiting("t")], [ben, cleo], NINE)
    assert verdict == Verdict("t", "cleo", {"ben": 2, "cleo": 3}, {}, "least_load")


def test_of_equal_loads_who_was_assigned_longest_ago_is_chosen_and_then_the_id() -> None:
    ben = Agent("ben", SUPPORT, NOTHING, 10, assigned_at=NINE)
    cleo = Agent("cleo", SUPPORT, NOTHING, 10, assigned_at=NINE - minutes(1))
    erik = Agent("erik", SUPPORT, NOTHING, 10, assigned_at=NINE)
    [first] = allocate([waiting("t")], [ben, cleo, erik], NINE)
    assert (first.agent_id, first.tie_break) == ("cleo", "assigned_longest_ago")
    [second] = allocate([waiting("t")], [erik, ben], NINE)
    assert (second.agent_id, second.tie_break) == ("ben", "id")


def test_everybody_kept_out_is_named_by_the_reason() -> None:
    agents = [
        Agent("ben", SUPPORT, frozenset({"network"}), capacity=1, open=1),
        Agent("cleo", SUPPORT, NOTHING, capacity=5),
        Agent("dana", frozenset({"infrastructure"}), frozenset({"network"}), capacity=5),
        Agent("erik", SUPPORT, frozenset({"network"}), capacity=5, available=False),
        Agent("finn", SUPPORT, frozenset({"network"}), capacity=5, active=False),
        Agent("gina", SUPPORT, frozenset({"network"}), capacity=5),
    ]
    ticket = waiting("t", skills=frozenset({"network"}), released_by=frozenset({"gina"}))
    [verdict] = allocate([ticket], agents, NINE)
    assert verdict == Verdict(
        ticket_id="t",
        agent_id=None,
        candidates={},
        excluded={
            "lacks_skill": ["cleo"],
            "unavailable": ["erik"],
            "inactive": ["finn"],
            "released_it": ["gina"],
            "at_capacity": ["ben"],
        },
        tie_break=None,
    )


SKILLS = st.frozensets(st.sampled_from(["network", "linux"]))
AGENTS = st.lists(
    st.builds(
        Agent,
        id=st.sampled_from(["ben", "cleo", "dana", "erik", "finn"]),
        departments=st.frozensets(st.sampled_from(["support", "infrastructure"])),
        skills=SKILLS,
        capacity=st.integers(0, 4),
        available=st.booleans(),
        active=st.booleans(),
        open=st.integers(0, 5),
        assigned_at=st.none() | st.integers(0, 3).map(lambda m: NINE - minutes(m)),
    ),
    unique_by=lambda agent: agent.id,
)
TICKETS = st.lists(
    st.builds(
        WaitingTicket,
        id=st.integers(0, 99).map(str),
        department_id=st.sampled_from(["support", "infrastructure"]),
        skills=SKILLS,
        priority=st.sampled_from(["emergency", "high", "normal", "low"]),
        created_at=st.integers(0, 5).map(lambda m: NINE + timedelta(minutes=m)),
        released_by=st.frozensets(st.sampled_from(["ben", "cleo"])),
    ),
    unique_by=lambda ticket: ticket.id,
)


@given(TICKETS, AGENTS)
def test_nobody_gets_what_he_may_not_or_more_than_he_can(tickets: list[WaitingTicket], agents: list[Agent]) -> None:
    verdicts = allocate(tickets, agents, NINE)
    by_id, ticket_of = {agent.id: agent for agent in agents}, {ticket.id: ticket for ticket in tickets}
    assert sorted(verdict.ticket_id for verdict in verdicts) == sorted(ticket_of)
    for verdict in verdicts:
        ticket = ticket_of[verdict.ticket_id]
        if verdict.agent_id is not None:
            agent = by_id[verdict.agent_id]
            assert agent.active
            assert agent.available
            assert ticket.department_id in agent.departments
            assert ticket.skills <= agent.skills
            assert agent.id not in ticket.released_by
    for agent in agents:
        taken = sum(verdict.agent_id == agent.id for verdict in verdicts)
        assert taken <= max(0, agent.capacity - agent.open)


@given(TICKETS, AGENTS)
def test_whoever_is_left_waiting_had_nobody_free_when_his_turn_came(
    tickets: list[WaitingTicket], agents: list[Agent]
) -> None:
    verdicts = allocate(tickets, agents, NINE)
    members = {t.id: {a.id for a in agents if t.department_id in a.departments} for t in tickets}
    for verdict in verdicts:
        assert (verdict.agent_id is None) == (not verdict.candidates)
        named = set(verdict.candidates).union(*verdict.excluded.values())
        assert named == members[verdict.ticket_id]


@given(TICKETS, AGENTS, st.randoms(use_true_random=False))
def test_the_same_desk_always_decides_the_same(
    tickets: list[WaitingTicket], agents: list[Agent], chance: object
) -> None:
    shuffled, others = list(tickets), list(agents)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    chance.shuffle(others)  # type: ignore[attr-defined]
    assert given_out(allocate(shuffled, others, NINE)) == given_out(allocate(tickets, agents, NINE))
