"""Who reaches which ticket, asked of one ticket and of a list: both say the same."""

from typing import Any

import pytest

from services.intake.reach import VIEW, reach_of, within_reach
from shared.access.may import Principal, Reach, may

ANA, EVE = "requester-ana", "requester-eve"
SUE = Principal("agent", "sue", "Sue", {"support": frozenset({VIEW})})
NEW = {"_id": "t1", "requester": {"id": ANA}}
SUES_OWN = {**NEW, "opened_by": "sue"}
IN_SUPPORT = {**NEW, "shown": {"assignment": {"department": {"id": "support"}, "assignee": None}}}
IN_NETWORKS = {**NEW, "shown": {"assignment": {"department": {"id": "networks"}, "assignee": {"id": "nick"}}}}
SUES_IN_NETWORKS = {**NEW, "shown": {"assignment": {"department": {"id": "networks"}, "assignee": {"id": "sue"}}}}
ROUTED_AWAY = {**SUES_OWN, "shown": {"assignment": {"department": {"id": "networks"}, "assignee": None}}}


@pytest.mark.parametrize(
    ("ticket", "reach"),
    [
        (NEW, Reach("t1", ANA, None, None)),
        (SUES_OWN, Reach("t1", ANA, None, "sue")),
        (IN_SUPPORT, Reach("t1", ANA, "support", None)),
        (IN_NETWORKS, Reach("t1", ANA, "networks", "nick")),
        (ROUTED_AWAY, Reach("t1", ANA, "networks", None)),
    ],
)
def test_the_reach_of_a_ticket(ticket: dict[str, Any], reach: Reach) -> None:
    assert reach_of(ticket) == reach


@pytest.mark.parametrize(
    ("who", "ticket", "sees"),
    [
        (Principal("agent", "ada", "Ada", {"*": frozenset({VIEW})}), NEW, True),
        (SUE, NEW, False),
        (SUE, SUES_OWN, True),
        (SUE, ROUTED_AWAY, False),
        (SUE, IN_SUPPORT, True),
        (SUE, IN_NETWORKS, False),
        (SUE, SUES_IN_NETWORKS, True),
        (Principal("requester", ANA, "Ana"), NEW, True),
        (Principal("requester", EVE, "Eve"), NEW, False),
        (Principal("requester", ANA, "Ana", ticket_id="t1"), NEW, True),
        (Principal("requester", ANA, "Ana", ticket_id="t2"), NEW, False),
    ],
)
def test_who_sees_which_ticket(who: Principal, ticket: dict[str, Any], sees: bool) -> None:
    assert may(who, VIEW, reach_of(ticket)) is sees


@pytest.mark.parametrize(
    ("who", "query"),
    [
        (Principal("integration", "k1", "Key", {"*": frozenset({VIEW})}), None),
        (Principal("requester", ANA, "Ana"), [{"requester.id": ANA}]),
        (Principal("requester", ANA, "Ana", ticket_id="t1"), [{"requester.id": ANA, "_id": "t1"}]),
        (
            SUE,
            [
                {"shown.assignment.department.id": {"$in": ["support"]}},
                {"shown.assignment.assignee.id": "sue"},
                {"opened_by": "sue", "shown.assignment": None},
            ],
        ),
    ],
)
def test_the_queries_of_what_somebody_may_see(who: Principal, query: list[dict[str, Any]] | None) -> None:
    assert within_reach(who) == query
