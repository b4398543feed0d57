"""How many open tickets each agent has, counted in the same transaction as the assignment that changes it.

An assignment says for whom it is counted, so a count can't be taken twice or forgotten, whoever changed the ticket.
"""

from collections.abc import Iterable
from datetime import datetime

from services.assignment.domain.assignment import ASSIGNED, Assignment
from shared.store.documents import Document, Documents, Key

WORKLOADS = "workloads"


class Workloads:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._changed: dict[str, Document] = {}

    def load(self, agents: Iterable[str]) -> None:
        self._documents.load(Key(WORKLOADS, agent_id) for agent_id in agents)

    def of(self, agent_id: str) -> Document:
        blank: Document = {"_id": agent_id, "open": 0, "assigned_at": None}
        return self._changed.get(agent_id) or self._documents.get(WORKLOADS, agent_id) or blank

    def counted(self, assignment: Assignment, now: datetime) -> Assignment:
        """The assignment, counted for who has it now and for nobody else."""
        holder = assignment.agent_id if assignment.state == ASSIGNED else None
        if holder == assignment.counted_for:
            return assignment
        if assignment.counted_for:
            before = self.of(assignment.counted_for)
            self._changed[assignment.counted_for] = {**before, "open": before["open"] - 1}
        if holder:
            before = self.of(holder)
            self._changed[holder] = {**before, "open": before["open"] + 1, "assigned_at": now}
        return assignment.but(counted_for=holder)

    def changed(self) -> list[tuple[str, Document]]:
        return [(WORKLOADS, document) for document in self._changed.values()]
