"""A person makes an agent responsible, whether the ticket waits or somebody else has it."""

from datetime import datetime

from services.assignment.domain.assignment import ASSIGNED
from services.assignment.handlers import announcing
from services.assignment.handlers.acting import actor, taker
from services.assignment.handlers.answering import answered, open_assignment
from services.assignment.handlers.hand_over import changes, decided
from shared.access.may import Principal
from shared.store.documents import Announcement, Changes, Documents


def assign_ticket(
    ticket_id: str, agent_id: str, reason: str, who: Principal, documents: Documents, now: datetime
) -> Changes:
    by, agent = actor(who), taker(documents, agent_id, "choose somebody else")
    before = open_assignment(documents, ticket_id)
    if before.agent_id == agent_id and before.state == ASSIGNED:
        return answered(before)
    decision = decided(before, "assigned", agent_id, by, reason, now)
    events: list[Announcement] = []
    base = before
    if before.state == ASSIGNED:
        base, lost = announcing.released(documents, before, before.but(agent_id=None), by, reason, now)
        events.append(lost)
    after = base.given_to(agent_id, decision.id, now)
    after, gained = announcing.assigned(documents, before, after, agent, decision, now)
    return answered(before, changes(after, decision, [*events, gained]))
