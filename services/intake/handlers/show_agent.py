"""The agents, as far as we need them: who may act here."""

from datetime import datetime

from services.intake.acting import AGENTS
from shared.events.assignment import AgentChanged
from shared.events.envelope import Event
from shared.store.documents import Changes, Documents


def show_agent(event: Event[AgentChanged], documents: Documents, now: datetime) -> Changes:
    known = documents.get(AGENTS, event.data.id)
    if known is not None and known["sequence"] >= event.sequence:
        return Changes()
    agent = {
        "_id": event.data.id,
        "name": event.data.name,
        "active": event.data.active,
        "sequence": event.sequence,
    }
    return Changes(documents=[(AGENTS, agent)])
