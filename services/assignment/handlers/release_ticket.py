"""An agent's ticket goes back to waiting. The policy does not give it to him again while it stays in the department."""

from datetime import datetime

from services.assignment.domain.assignment import ASSIGNED
from services.assignment.domain.refusals import NotAssigned
from services.assignment.handlers import announcing
from services.assignment.handlers.acting import actor
from services.assignment.handlers.answering import answered, open_assignment
from services.assignment.handlers.hand_over import changes, decided
from shared.access.may import Principal
from shared.store.documents import Changes, Documents


def release_ticket(ticket_id: str, reason: str, who: Principal, documents: Documents, now: datetime) -> Changes:
    by, before = actor(who), open_assignment(documents, ticket_id)
    if before.state != ASSIGNED or before.agent_id is None:
        raise NotAssigned(f"Nobody has ticket {before.ticket.number}: there is nothing to release.")
    decision = decided(before, "released", None, by, reason, now)
    released_by = tuple(sorted({*before.released_by, before.agent_id}))
    after = before.taken_back(now).but(released_by=released_by, decision_id=decision.id)
    after, announcement = announcing.released(documents, before, after, by, reason, now)
    return answered(before, changes(after, decision, [announcement]))
