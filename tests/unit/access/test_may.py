"""Who may do what: the one function behind every door."""

import pytest

from shared.access.may import Forbidden, Principal, Reach, may, must
from shared.access.permissions import ALL, EXPANDED, LIMITED, VIEW
from shared.refusals import NotFound

SUPPORT = Reach("t1", "ana", "support")
BENS = Reach("t2", "ana", "kitchen", "ben")
UNROUTED = Reach("t3", "ana")
BEN = Principal("agent", "ben", "Ben", {"support": EXPANDED, "infrastructure": LIMITED})
ADA = Principal("agent", "ada", "Ada", {"*": ALL})
VIEWER = Principal("agent", "vera", "Vera", {"*": VIEW})
LEAD = Principal("agent", "lena", "Lena", {"support": ALL})
KEY = Principal("integration", "k1", "Key", {"*": frozenset({"ticket.create"})})
KEY_OF_BENS_ID = Principal("integration", "ben", "Key", {"*": frozenset({"desk.view"})})
ANA = Principal("requester", "ana", "Ana")
ANA_BY_LINK = Principal("requester", "ana", "Ana", ticket_id="t1")
BOB = Principal("requester", "bob", "Bob")


@pytest.mark.parametrize(
    ("who", "action", "ticket", "expected"),
    [
        (BEN, "ticket.resolve", SUPPORT, True),
        (BEN, "ticket.assign", SUPPORT, False),
        (BEN, "ticket.view", Reach("t", "ana", "infrastructure"), True),
        (BEN, "ticket.resolve", Reach("t", "ana", "infrastructure"), False),
        (BEN, "ticket.view", Reach("t", "ana", "kitchen"), False),
        (BEN, "ticket.resolve", BENS, True),  # his own, by the best of his roles
        (BEN, "ticket.assign", BENS, False),
        (BEN, "ticket.view", UNROUTED, False),
        (BEN, "ticket.resolve", None, True),
        (BEN, "agent.manage", None, False),
        (VIEWER, "ticket.view", UNROUTED, True),
        (VIEWER, "ticket.reply", SUPPORT, False),
        (ADA, "ticket.assign", UNROUTED, True),
        (ADA, "role.manage", None, True),
        (LEAD, "ticket.assign", SUPPORT, True),
        (LEAD, "agent.manage", None, False),  # the whole desk's business, not a department's
        (KEY, "ticket.create", None, True),
        (KEY, "ticket.view", SUPPORT, False),
        (KEY_OF_BENS_ID, "ticket.view", BENS, False),
        (ANA, "ticket.view", SUPPORT, True),
        (ANA, "ticket.note", SUPPORT, False),
        (ANA, "desk.view", None, False),
        (ANA_BY_LINK, "ticket.reply", SUPPORT, True),
        (ANA_BY_LINK, "ticket.reply", BENS, False),
        (BOB, "ticket.view", SUPPORT, False),
        (BOB, "ticket.create", None, True),
    ],
)
def test_may(who: Principal, action: str, ticket: Reach | None, expected: bool) -> None:
    assert may(who, action, ticket) is expected


def test_a_ticket_out_of_reach_is_not_there() -> None:
    with pytest.raises(NotFound, match="There is no ticket"):
        must(BOB, "ticket.view", SUPPORT)
    with pytest.raises(NotFound, match="There is no ticket"):
        must(BEN, "ticket.resolve", UNROUTED)


def test_what_one_may_see_but_not_do_is_forbidden_and_the_permission_is_named() -> None:
    with pytest.raises(Forbidden, match=r"ticket\.assign"):
        must(BEN, "ticket.assign", SUPPORT)
    with pytest.raises(Forbidden, match=r"role\.manage"):
        must(LEAD, "role.manage")
