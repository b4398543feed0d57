"""Requesters: listed, put right."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from flask import Flask, Response
from pymongo.database import Database

from services.intake import queries, schemas
from services.intake.api.pages import page_answer
from services.intake.handlers.change_requester import change_requester
from services.intake.requester_repository import REQUESTERS, from_document
from shared.http.application import Commands, json_body, query
from shared.store.documents import Changes, Document, Documents, Key

_CHANGE = schemas.ChangeRequesterSchema()
_LIST = schemas.RequesterListSchema()


def register(app: Flask, database: Database[Document], commands: Commands) -> None:
    @app.get("/v1/requesters")
    def get_requesters() -> Response:
        asked = query(_LIST)
        wanted = {"address": asked["address"].lower()} if "address" in asked else {}
        return page_answer(queries.page(database[REQUESTERS], wanted, asked, lambda row: vars(from_document(row))))

    @app.patch("/v1/requesters/<uuid:requester_id>")
    def patch_requester(requester_id: UUID) -> Response:
        new = json_body(_CHANGE)

        def run(documents: Documents, now: datetime) -> Changes:
            changes = change_requester(str(requester_id), new, documents, now)
            return replace(changes, answer=vars(from_document(changes.answer)))

        return commands.run(run, [Key(REQUESTERS, str(requester_id))])
