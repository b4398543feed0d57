"""The end of a worker's batch: loads are settled, and waiting tickets go to who is free, the most urgent first.

Draining a backlog and assigning a new ticket are the same thing here: what the batch left waiting and what the store
had waiting in the departments that the batch touched are allocated together.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pymongo.database import Database

from services.assignment.assignment_repository import ASSIGNMENTS, from_document, stored, waiting_ticket
from services.assignment.domain.allocation import Agent, Verdict, allocate
from services.assignment.domain.assignment import WAITING, Assignment
from services.assignment.domain.decision import by_policy
from services.assignment.draw import draw_waiting
from services.assignment.handlers import announcing
from services.assignment.handlers.hand_over import changes
from services.assignment.handlers.show_requester import REQUESTERS
from services.assignment.handlers.touched_departments import touched_departments
from services.assignment.roster_repository import AGENTS, DEPARTMENTS, load_roster
from services.assignment.workloads import Workloads
from shared.identifiers import new_id
from shared.store.documents import Cause, Changes, Document, Documents, Key
from shared.store.unit_of_work import Finish


def allocate_waiting(database: Database[Document]) -> Finish:
    def finish(documents: Documents, events: Sequence[Any], now: datetime) -> Changes:
        workloads = Workloads(documents)
        settled, in_hand = _settle(documents, workloads, now)
        touched = touched_departments(database, documents, events, workloads, in_hand)
        roster = load_roster(documents, workloads, touched)
        waiting = in_hand + _drawn(database, documents, touched, roster)
        documents.load(Key(REQUESTERS, assignment.ticket.requester.id) for assignment in waiting)
        by_id = {assignment.id: assignment for assignment in waiting}
        result = Changes(documents=[stored(assignment) for assignment in settled])
        for verdict in allocate(map(waiting_ticket, waiting), roster, now):
            result += _carried_out(documents, workloads, by_id[verdict.ticket_id], verdict, now)
        return result + Changes(documents=workloads.changed())

    return finish


def _settle(documents: Documents, workloads: Workloads, now: datetime) -> tuple[list[Assignment], list[Assignment]]:
    """(those whose count moved, those that wait)"""
    changed = [from_document(document) for document in documents.changed(ASSIGNMENTS)]
    workloads.load({name for a in changed for name in (a.agent_id, a.counted_for) if name})
    settled, waiting = [], []
    for before in changed:
        after = workloads.counted(before, now)
        if after is not before:
            settled.append(after)
        if after.state == WAITING:
            waiting.append(after)
    return settled, waiting


def _drawn(
    database: Database[Document], documents: Documents, departments: list[str], roster: Sequence[Agent]
) -> list[Assignment]:
    in_hand = [document["_id"] for document in documents.changed(ASSIGNMENTS)]
    found = documents.see(ASSIGNMENTS, draw_waiting(database, departments, roster, in_hand))
    return [from_document(document) for document in found]


def _carried_out(
    documents: Documents, workloads: Workloads, before: Assignment, verdict: Verdict, now: datetime
) -> Changes:
    """What a verdict makes of a ticket. That nobody could take it is told once for each time it waits."""
    if verdict.agent_id is None and before.is_told:
        return Changes()
    department = documents.get(DEPARTMENTS, before.department_id)
    decision = by_policy(new_id(), before, verdict, department["roster_version"] if department else 0, now)
    taker = documents.get(AGENTS, verdict.agent_id) if verdict.agent_id else None
    if taker is None:
        after = before.but(is_told=True, decision_id=decision.id)
        after, announcement = announcing.waiting(documents, after, decision, now)
    else:
        after = workloads.counted(before.given_to(taker["_id"], decision.id, now), now)
        after, announcement = announcing.assigned(documents, before, after, taker, decision, now)
    own = Cause(before.heard.correlation_id, before.heard.event_id, before.heard.traceparent)
    return changes(after, decision, [replace(announcement, cause=own)])
