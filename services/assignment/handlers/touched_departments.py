"""Where a batch makes it worth while to look: a ticket came to wait there, or an agent may have become free."""

from collections.abc import Iterable, Sequence
from typing import Any

from pymongo.database import Database

from services.assignment.domain.assignment import Assignment
from services.assignment.roster_repository import AGENTS, DEPARTMENTS
from services.assignment.workloads import Workloads
from shared.events.assignment import AgentChanged, DepartmentChanged, TicketReleased
from shared.events.envelope import Event
from shared.store.documents import Document, Documents, Key


class Sweep:
    """Stands in for an event: look at all departments."""


def touched_departments(
    database: Database[Document],
    documents: Documents,
    events: Sequence[Any],
    workloads: Workloads,
    in_hand: Iterable[Assignment],
) -> list[str]:
    touched = {assignment.department_id for assignment in in_hand}
    freed = {document["_id"] for _, document in workloads.changed()}
    for event in events:
        match event:
            case Sweep():
                touched.update(department["_id"] for department in database[DEPARTMENTS].find({}, {"_id": 1}))
            case Event(data=AgentChanged(departments=departments)):
                touched.update(departments)
            case Event(data=DepartmentChanged(id=department_id)):
                touched.add(department_id)
            case Event(data=TicketReleased(agent_id=agent_id)):
                freed.add(agent_id)
    documents.load(Key(AGENTS, agent_id) for agent_id in freed)
    for agent_id in freed:
        if found := documents.get(AGENTS, agent_id):
            touched.update(found["departments"])
    return sorted(touched)
