"""Whatever the order and however often events come, the same people are told the same."""

from hypothesis import given
from hypothesis import strategies as st

from services.notify.handlers.write_messages import write_messages
from shared.store.documents import Document
from tests.unit.notify.cast import (
    ACCESS_REQUESTED,
    ASSIGNED,
    BREACHED,
    CREATED,
    ESCALATED,
    INVITED,
    NOON,
    REPLIED,
    RESOLVED,
    WARNED,
    event,
)
from tests.unit.notify.store import documents

ALL = (CREATED, REPLIED, RESOLVED, ASSIGNED, WARNED, BREACHED, ESCALATED, INVITED, ACCESS_REQUESTED)
HISTORY = [event(data, f"event-{number}") for number, data in enumerate(ALL)]


def told(order: list[int]) -> dict[str, Document]:
    known: dict[str, Document] = {}
    for number in order:
        for _, document in write_messages(HISTORY[number], documents(*known.values()), NOON).documents:
            assert document["_id"] not in known
            known[document["_id"]] = document
    return known


@given(st.permutations(range(9)), st.lists(st.integers(0, 8), max_size=14))
def test_any_order_and_any_repetition_tell_the_same(order: list[int], again: list[int]) -> None:
    assert told([*order, *again]) == told([*range(9)])
