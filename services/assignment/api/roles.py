"""Roles: which permissions go together."""

from functools import partial
from typing import Any

from flask import Response
from pymongo import ASCENDING
from pymongo.database import Database

from services.assignment.answer_schemas import RoleShownSchema
from services.assignment.handlers.put_role import put_role, shown
from services.assignment.roster_repository import ROLES
from services.assignment.schemas import RoleSchema
from shared.http.answers import answer
from shared.http.commands import Commands
from shared.http.contract import ETAG, Routes
from shared.http.door import principal
from shared.http.pages import all_of, page_of
from shared.http.versions import at_version, version_to_replace
from shared.refusals import NotFound
from shared.store.documents import Document, Key


def role_routes(database: Database[Document], commands: Commands) -> Routes:
    routes = Routes("roles", __name__, url_prefix="/v1/roles", description="What agents may do, by department.")

    @routes.get("")
    @routes.needs("desk.view")
    @routes.response(200, page_of(RoleShownSchema))
    def get_roles() -> Response:
        """All roles."""
        return all_of(map(shown, database[ROLES].find().sort("_id", ASCENDING)))

    @routes.get("/<slug:role_id>")
    @routes.needs("desk.view")
    @routes.response(200, RoleShownSchema, headers=ETAG)
    @routes.refuses(404)
    def get_role(role_id: str) -> Response:
        """A role."""
        found = database[ROLES].find_one({"_id": role_id})
        if found is None:
            raise NotFound(f"There is no role {role_id}.")
        return answer(shown(found))

    @routes.put("/<slug:role_id>")
    @routes.needs("role.manage")
    @routes.takes(RoleSchema)
    @routes.versioned(is_required=False)
    @routes.response(200, RoleShownSchema, headers=ETAG)
    @routes.refuses(409, 428)
    def put(body: dict[str, Any], role_id: str) -> Response:
        """Make or change a role; changing one needs If-Match. It counts at once for everybody who has it."""
        key, run = Key(ROLES, role_id), partial(put_role, role_id, body["name"], body["permissions"], principal())
        return commands.run(at_version(version_to_replace(), key, run), [key])

    return routes
