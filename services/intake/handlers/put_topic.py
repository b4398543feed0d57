"""An administrator adds a help topic or changes one."""

from datetime import datetime

from services.intake.topic_repository import TOPICS, Topic, to_document
from shared.store.documents import Changes, Documents


def put_topic(topic: Topic, documents: Documents, now: datetime) -> Changes:
    return Changes(documents=[(TOPICS, to_document(topic))], answer=vars(topic))
