"""An escalation raises a waiting ticket's place in the queue before intake has taken its priority over."""

from datetime import datetime

from services.assignment.assignment_repository import load, stored
from services.assignment.domain.assignment import Escalation, Heard, first_heard
from services.assignment.roster_repository import route
from shared.events.envelope import Event
from shared.events.sla import TicketEscalated
from shared.store.documents import Changes, Documents

UNHEARD = 0  # intake's own first word has sequence 1


def hear_escalation(event: Event[TicketEscalated], documents: Documents, now: datetime) -> Changes:
    ticket, heard = event.data.ticket, Heard.of(event)
    known = load(documents, event.subject)
    if known is None:
        known = first_heard(ticket, UNHEARD, ticket.created_at, route(documents, ticket.topic), heard)
    if known.escalation and event.sequence <= known.escalation.sequence:
        return Changes()
    escalation = Escalation(event.data.priority, event.sequence, event.time)
    return Changes(documents=[stored(known.but(escalation=escalation, heard=heard))])
