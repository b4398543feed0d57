"""An administrator adds a help topic or changes one."""

from dataclasses import replace
from datetime import datetime

from services.intake.topic_repository import TOPICS, Topic, to_document
from shared.store.documents import Changes, Documents


def put_topic(topic: Topic, documents: Documents, now: datetime) -> Changes:
    """The answer is the topic with its version, which follows the one that is there."""
    known = documents.get(TOPICS, topic.id)
    topic = topic if known is None else replace(topic, version=known["version"] + 1)
    return Changes(documents=[(TOPICS, to_document(topic))], answer=vars(topic))
