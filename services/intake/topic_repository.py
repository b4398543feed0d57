"""Help topics: what the requester picks, with the impact and urgency that a ticket has until somebody looks."""

from dataclasses import dataclass

from services.intake.domain.refusals import UnknownTopic
from shared.refusals import Reason
from shared.store.documents import Document, Documents

TOPICS = "topics"


@dataclass(frozen=True)
class Topic:
    """`version` counts its changes from 1."""

    id: str
    name: str
    impact: str
    urgency: str
    version: int = 1


def topic_named(topic_id: str, documents: Documents) -> Topic:
    document = documents.get(TOPICS, topic_id)
    if document is None:
        reason = Reason("topic", "must be the id of a topic", "GET /v1/topics lists them.")
        raise UnknownTopic(f"There is no topic {topic_id!r}.", (reason,))
    return from_document(document)


def from_document(document: Document) -> Topic:
    return Topic(document["_id"], document["name"], document["impact"], document["urgency"], document["version"])


def to_document(topic: Topic) -> Document:
    return {
        "_id": topic.id,
        "name": topic.name,
        "impact": topic.impact,
        "urgency": topic.urgency,
        "version": topic.version,
    }
