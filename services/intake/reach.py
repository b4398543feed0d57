"""Who reaches a ticket. One that nobody has routed yet is reached by those who reach all, and by the agent who opened
it: which department's it will be is not known, so it isn't any other's to read."""

from typing import Any

from shared.access.may import EVERYWHERE, Principal, Reach
from shared.store.documents import Document

VIEW = "ticket.view"


def reach_of(ticket: Document) -> Reach:
    assignment = ticket.get("shown", {}).get("assignment")
    department_id, agent_id = None, ticket.get("opened_by")
    if assignment is not None:
        department_id = assignment["department"]["id"]
        agent_id = assignment["assignee"] and assignment["assignee"]["id"]
    return Reach(ticket["_id"], ticket["requester"]["id"], department_id, agent_id)


def within_reach(who: Principal) -> list[dict[str, Any]] | None:
    """The same as queries, for lists: one of them must hold, and each has an index. None where it is all tickets."""
    if who.kind == "requester":
        own = {"requester.id": who.id}
        return [own if who.ticket_id is None else {**own, "_id": who.ticket_id}]
    if VIEW in who.rights.get(EVERYWHERE, ()):
        return None
    departments = sorted(place for place, permissions in who.rights.items() if VIEW in permissions)
    return [
        {"shown.assignment.department.id": {"$in": departments}},
        {"shown.assignment.assignee.id": who.id},
        {"opened_by": who.id, "shown.assignment": None},
    ]
