"""Departments, and the routes by which a help topic leads to one."""

from functools import partial
from typing import Any

from flask import Response
from pymongo import ASCENDING
from pymongo.database import Database

from services.assignment.answer_schemas import DepartmentShownSchema, RouteShownSchema
from services.assignment.handlers.change_department import put_department, put_route, shown, shown_route
from services.assignment.roster_repository import DEPARTMENTS, ROUTES
from services.assignment.schemas import DepartmentSchema, RouteSchema
from shared.http.answers import answer
from shared.http.commands import Commands
from shared.http.contract import ETAG, Routes
from shared.http.pages import all_of, page_of
from shared.http.versions import at_version, version_to_replace
from shared.refusals import NotFound
from shared.store.documents import Document, Key


def department_routes(database: Database[Document], commands: Commands) -> Routes:
    routes = Routes("departments", __name__, url_prefix="/v1", description="Where tickets wait, and who manages that.")

    @routes.get("/departments")
    @routes.needs("desk.view")
    @routes.response(200, page_of(DepartmentShownSchema))
    def get_departments() -> Response:
        """All departments."""
        return all_of(map(shown, database[DEPARTMENTS].find().sort("_id", ASCENDING)))

    @routes.get("/departments/<slug:department_id>")
    @routes.needs("desk.view")
    @routes.response(200, DepartmentShownSchema, headers=ETAG)
    @routes.refuses(404)
    def get_department(department_id: str) -> Response:
        """A department, with the topics that are routed to it."""
        return answer(shown(_one(DEPARTMENTS, department_id)))

    @routes.put("/departments/<slug:department_id>")
    @routes.needs("department.manage")
    @routes.takes(DepartmentSchema)
    @routes.versioned(is_required=False)
    @routes.response(200, DepartmentShownSchema, headers=ETAG)
    @routes.refuses(428)
    def put(body: dict[str, Any], department_id: str) -> Response:
        """Make or change a department. Changing one needs If-Match."""
        key = Key(DEPARTMENTS, department_id)
        run = partial(put_department, department_id, body["name"], body["manager_id"])
        return commands.run(at_version(version_to_replace(), key, run), [key])

    @routes.get("/routes")
    @routes.needs("desk.view")
    @routes.response(200, page_of(RouteShownSchema))
    def get_routes() -> Response:
        """The department and the skills for each help topic."""
        return all_of(map(shown_route, database[ROUTES].find().sort("_id", ASCENDING)))

    @routes.get("/routes/<slug:topic>")
    @routes.needs("desk.view")
    @routes.response(200, RouteShownSchema, headers=ETAG)
    @routes.refuses(404)
    def get_route(topic: str) -> Response:
        """The route of a help topic."""
        return answer(shown_route(_one(ROUTES, topic)))

    @routes.put("/routes/<slug:topic>")
    @routes.needs("department.manage")
    @routes.takes(RouteSchema)
    @routes.versioned(is_required=False)
    @routes.response(200, RouteShownSchema, headers=ETAG)
    @routes.refuses(428)
    def put_topic(body: dict[str, Any], topic: str) -> Response:
        """Route a help topic, for tickets that come from now on. Changing a route needs If-Match."""
        key, run = Key(ROUTES, topic), partial(put_route, topic, body["department_id"], body["skills"])
        return commands.run(at_version(version_to_replace(), key, run), [key, Key(DEPARTMENTS, body["department_id"])])

    def _one(collection: str, name: str) -> Document:
        found = database[collection].find_one({"_id": name})
        if found is None:
            raise NotFound(f"There is no {name} among the {collection}.")
        return found

    return routes
