"""The help topics that a new desk has. One that is there already stays as it is."""

from datetime import datetime

from services.intake.topic_repository import TOPICS, Topic, to_document
from shared.identifiers import new_id
from shared.store.documents import Cause, Changes, Documents, Key
from shared.store.unit_of_work import Failed, UnitOfWork, Work

_TOPICS = (
    Topic("general", "General question", "medium", "medium"),
    Topic("access", "Access and passwords", "medium", "medium"),
    Topic("billing", "Billing", "medium", "low"),
    Topic("network", "Network", "medium", "high"),
    Topic("hardware", "Hardware", "low", "medium"),
    Topic("monitoring", "Monitoring alert", "medium", "high"),
)


def seed(unit_of_work: UnitOfWork) -> None:
    work = Work(_missing_topics, Cause(new_id()), [Key(TOPICS, topic.id) for topic in _TOPICS])
    [outcome] = unit_of_work.run([work], patience=30.0)
    if isinstance(outcome, Failed):
        raise outcome.error


def _missing_topics(documents: Documents, now: datetime) -> Changes:
    missing = [topic for topic in _TOPICS if documents.get(TOPICS, topic.id) is None]
    return Changes(documents=[(TOPICS, to_document(topic)) for topic in missing])
