"""Help topics: listed, added, changed."""

from flask import Flask, Response
from pymongo.database import Database

from services.intake import schemas
from services.intake.handlers.put_topic import put_topic
from services.intake.limits import slug
from services.intake.topic_repository import TOPICS, Topic, from_document
from shared.http.application import Commands, answer, json_body
from shared.store.documents import Document, Key

_TOPIC = schemas.TopicSchema()


def register(app: Flask, database: Database[Document], commands: Commands) -> None:
    @app.get("/v1/topics")
    def get_topics() -> Response:
        return answer({"data": [vars(from_document(row)) for row in database[TOPICS].find().sort("_id")]})

    @app.put("/v1/topics/<topic_id>")
    def put_one_topic(topic_id: str) -> Response:
        topic = Topic(slug(topic_id), **json_body(_TOPIC))
        return commands.run(lambda documents, now: put_topic(topic, documents, now), [Key(TOPICS, topic.id)])
