"""Help topics: listed, added, changed."""

from datetime import datetime
from typing import Any

from flask import Response
from pymongo.database import Database

from services.intake import answer_schemas, schemas
from services.intake.handlers.put_topic import put_topic
from services.intake.topic_repository import TOPICS, Topic, from_document
from shared.http.commands import Commands
from shared.http.contract import ETAG, Routes
from shared.http.pages import all_of, page_of
from shared.http.versions import at_version, version_to_replace
from shared.store.documents import Changes, Document, Documents, Key


def topics_routes(database: Database[Document], commands: Commands) -> Routes:
    routes = Routes("topics", __name__, url_prefix="/v1/topics", description="What a requester picks.")

    @routes.get("")
    @routes.needs("topic.view")
    @routes.response(200, page_of(answer_schemas.TopicAnswerSchema))
    def get_topics() -> Response:
        """List the help topics."""
        return all_of(vars(from_document(row)) for row in database[TOPICS].find().sort("_id"))

    @routes.put("/<slug:topic_id>")
    @routes.needs("topic.manage")
    @routes.takes(schemas.TopicSchema)
    @routes.versioned(is_required=False)
    @routes.response(200, answer_schemas.TopicAnswerSchema, headers=ETAG)
    @routes.refuses(404, 428)
    def put_one_topic(described: dict[str, Any], topic_id: str) -> Response:
        """Add a help topic, or change the one that is there, which needs If-Match."""
        topic, key = Topic(topic_id, **described), Key(TOPICS, topic_id)

        def run(documents: Documents, now: datetime) -> Changes:
            return put_topic(topic, documents, now)

        return commands.run(at_version(version_to_replace(), key, run), [key])

    return routes
