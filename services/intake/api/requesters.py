"""Requesters: listed, read, put right."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response
from pymongo.database import Database

from services.intake import answer_schemas, schemas
from services.intake.handlers.change_requester import change_requester
from services.intake.handlers.revoke_links import revoke_links
from services.intake.requester_repository import REQUESTERS, from_document
from shared.http.answers import answer
from shared.http.commands import Commands
from shared.http.contract import ETAG, Routes
from shared.http.pages import LINK, page, page_of
from shared.http.versions import at_version, expected_version
from shared.refusals import NotFound
from shared.store.documents import Changes, Document, Documents, Key


def requesters_routes(database: Database[Document], commands: Commands) -> Routes:
    routes = Routes("requesters", __name__, url_prefix="/v1/requesters", description="Those who ask.")

    @routes.get("")
    @routes.needs("requester.view")
    @routes.arguments(schemas.RequesterListSchema, location="query")
    @routes.response(200, page_of(answer_schemas.KnownRequesterSchema), headers=LINK)
    def get_requesters(asked: dict[str, Any]) -> Response:
        """List the requesters, or the one with an address."""
        wanted = {"address": asked["address"].lower()} if "address" in asked else {}
        return page(database[REQUESTERS], wanted, asked, _shown)

    @routes.get("/<uuid:requester_id>")
    @routes.needs("requester.view")
    @routes.response(200, answer_schemas.KnownRequesterSchema, headers=ETAG)
    @routes.refuses(404)
    def get_requester(requester_id: UUID) -> Response:
        """Read a requester."""
        found = database[REQUESTERS].find_one({"_id": str(requester_id)})
        if found is None:
            raise NotFound("There is no requester with this id.")
        return answer(_shown(found))

    @routes.patch("/<uuid:requester_id>")
    @routes.needs("requester.edit")
    @routes.takes(schemas.ChangeRequesterSchema)
    @routes.versioned(is_required=True)
    @routes.response(200, answer_schemas.KnownRequesterSchema, headers=ETAG)
    @routes.refuses(404)
    def patch_requester(new: dict[str, Any], requester_id: UUID) -> Response:
        """Put right what is known of a requester."""
        key, expected = Key(REQUESTERS, str(requester_id)), expected_version(is_required=True)

        def run(documents: Documents, now: datetime) -> Changes:
            changes = change_requester(key.value, new, documents, now)
            return replace(changes, answer=_shown(changes.answer))

        return commands.run(at_version(expected, key, run), [key])

    @routes.post("/<uuid:requester_id>/links/revocation")
    @routes.needs("requester.edit")
    @routes.idempotent
    @routes.response(200, answer_schemas.KnownRequesterSchema, headers=ETAG)
    @routes.refuses(404)
    def revoke_all_links(requester_id: UUID) -> Response:
        """Take back all links that were mailed to a requester until now."""
        key = Key(REQUESTERS, str(requester_id))

        def run(documents: Documents, now: datetime) -> Changes:
            changes = revoke_links(key, documents, now)
            return replace(changes, answer=_shown(changes.answer))

        return commands.run(run, [key])

    return routes


def _shown(row: Document) -> dict[str, Any]:
    more = {"links_valid_from": row.get("links_valid_from"), "version": row["version"]}
    return {**vars(from_document(row)), **more}
