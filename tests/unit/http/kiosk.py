"""A small API behind the door that all four have, on documents in memory, for tests of the door alone."""

from collections import defaultdict
from typing import Any, cast
from uuid import UUID

from flask import Response
from flask.testing import FlaskClient
from marshmallow import Schema, fields
from pymongo.database import Database

from shared.access.may import Reach
from shared.access.permissions import PUBLIC
from shared.http.answers import answer
from shared.http.application import create_app
from shared.http.contract import ETAG, Routes
from shared.http.door import must_reach
from shared.http.versions import expected_version, refuse_other, version_to_replace
from shared.settings import DoorSettings, Limits
from shared.store.documents import Document
from tests.support import access

TICKET_ID = "0190a0a0-0000-7000-8000-0000000000aa"
REACH = Reach(TICKET_ID, "ana", "infrastructure", "ben")
ARTICLE = {"name": "paper", "version": 3}


class _Rows:
    def __init__(self) -> None:
        self.rows: dict[str, Document] = {}

    def find_one(self, wanted: Document) -> Document | None:
        return self.rows.get(wanted["_id"])

    def insert_one(self, row: Document) -> None:
        self.rows[row["_id"]] = row

    def replace_one(self, wanted: Document, row: Document, *, upsert: bool) -> None:
        assert upsert
        self.rows[wanted["_id"]] = {**row, **wanted}


class ArticleSchema(Schema):
    name = fields.String(required=True)


class SearchSchema(Schema):
    name = fields.String(load_default="")


def database() -> Database[Document]:
    return cast("Database[Document]", defaultdict(_Rows))


def kiosk(rows: Database[Document], limits: Limits | None = None, proxies: int = 0) -> FlaskClient:
    settings = access.door_settings(limits)
    settings = DoorSettings(settings.agents_public_key, settings.requesters_public_key, settings.limits, proxies)
    app, api = create_app("kiosk", "It sells paper.", rows, settings)
    routes = Routes("articles", __name__, url_prefix="/v1", description="What is sold.")

    @routes.get("/articles")
    @routes.needs("desk.view")
    @routes.arguments(SearchSchema, location="query")
    @routes.response(200, ArticleSchema)
    def articles(asked: dict[str, Any]) -> Response:
        """All articles."""
        return answer(asked)

    @routes.put("/articles/<slug:name>")
    @routes.needs("plan.manage")
    @routes.takes(ArticleSchema)
    @routes.versioned(is_required=False)
    @routes.response(200, ArticleSchema, headers=ETAG)
    def put(body: dict[str, Any], name: str) -> Response:
        """Make or change an article."""
        refuse_other(version_to_replace(), ARTICLE if name == "paper" else None)
        return answer({**body, "version": 4})

    @routes.patch("/articles/<slug:name>")
    @routes.needs("plan.manage")
    @routes.takes(ArticleSchema)
    @routes.versioned(is_required=True)
    @routes.response(200, ArticleSchema, headers=ETAG)
    def patch(body: dict[str, Any], name: str) -> Response:
        """Change an article."""
        refuse_other(expected_version(is_required=True), ARTICLE)
        return answer({**body, "version": 4})

    @routes.get("/receipts/<uuid:ticket_id>")
    @routes.needs("ticket.view")
    @routes.response(200, ArticleSchema)
    def receipt(ticket_id: UUID) -> Response:
        """What was sold."""
        must_reach(REACH)
        return answer({"name": str(ticket_id)})

    @routes.post("/receipts/<uuid:ticket_id>")
    @routes.needs("ticket.reply")
    @routes.response(200, ArticleSchema)
    def complain(ticket_id: UUID) -> Response:
        """Complain about it."""
        must_reach(REACH)
        return answer({"name": str(ticket_id)})

    @routes.get("/window")
    @routes.needs(PUBLIC)
    @routes.response(200, ArticleSchema)
    def window() -> Response:
        """For everybody."""
        return answer({"name": "paper"})

    @routes.get("/till")
    @routes.response(200, ArticleSchema)
    def till() -> Response:
        """Nobody has said who may."""
        return answer({"name": "money"})

    @routes.get("/fire")
    @routes.needs(PUBLIC)
    @routes.response(200, ArticleSchema)
    def fire() -> Response:
        """It burns."""
        raise RuntimeError("the password is hunter2")

    api.register_blueprint(routes)
    return app.test_client()


def dana() -> access.Headers:
    """The administrator, signed in just now: a token lives five minutes."""
    return access.signed_in("agent", "dana")
