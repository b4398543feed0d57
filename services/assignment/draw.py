"""Drawing waiting tickets from the store: by index, the most urgent of each kind, no more than could be taken."""

from collections.abc import Iterable, Mapping, Sequence

from pymongo.database import Database

from services.assignment.assignment_repository import ASSIGNMENTS
from services.assignment.domain.allocation import Agent
from shared.store.documents import Document

AT_ONCE = 400  # of a kind; what a sudden freedom leaves over, the sweep takes


def draw_waiting(
    database: Database[Document], departments: Iterable[str], agents: Sequence[Agent], in_hand: Sequence[str]
) -> list[Document]:
    """Tickets of these departments that somebody may be free for, but for those in hand already."""
    free = [agent for agent in agents if agent.active and agent.available and agent.open < agent.capacity]
    drawn: list[Document] = []
    for department_id in departments:
        members = [agent for agent in free if department_id in agent.departments]
        if not members:
            continue
        kind = {"state": "waiting", "department_id": department_id}
        for needs in database[ASSIGNMENTS].distinct("needs", kind):
            able = [agent for agent in members if agent.skills.issuperset(needs.split())]
            if able:
                drawn += _most_urgent(database, {**kind, "needs": needs}, able, in_hand)
    return drawn


def _most_urgent(
    database: Database[Document], kind: Mapping[str, str], able: Sequence[Agent], in_hand: Sequence[str]
) -> list[Document]:
    room = sum(agent.capacity - agent.open for agent in able)
    query: Document = {**kind, "released_by": {"$not": {"$all": [agent.id for agent in able]}}}
    if in_hand:
        query["_id"] = {"$nin": list(in_hand)}
    order = [("rank", 1), ("created_at", 1), ("_id", 1)]
    return list(database[ASSIGNMENTS].find(query).sort(order).limit(min(room, AT_ONCE)).hint("waiting"))
