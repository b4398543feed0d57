"""What is promised to requesters, by severity."""

from datetime import datetime
from typing import Any

from flask import Response
from pymongo.database import Database

from services.sla.answer_schemas import VersionedPlanSchema
from services.sla.api import versioned
from services.sla.handlers.change_plan import change_plan
from services.sla.plan_repository import PLAN_VERSIONS, PLANS
from services.sla.schemas import PlanSchema
from shared.http.commands import Commands
from shared.http.contract import ETAG, Routes
from shared.http.door import principal
from shared.http.pages import page_of
from shared.http.versions import at_version, version_to_replace
from shared.store.documents import Changes, Document, Documents, Key


def plan_routes(database: Database[Document], commands: Commands) -> Routes:
    routes = Routes("plans", __name__, url_prefix="/v1/plans", description="What is promised, by severity.")

    @routes.get("")
    @routes.needs("desk.view")
    @routes.response(200, page_of(VersionedPlanSchema))
    def plans() -> Response:
        """All plans, each in its current version."""
        return versioned.current(database, PLANS)

    @routes.get("/<slug:name>")
    @routes.needs("desk.view")
    @routes.response(200, VersionedPlanSchema, headers=ETAG)
    @routes.refuses(404)
    def plan(name: str) -> Response:
        """The current version of a plan."""
        return versioned.one(database, PLANS, name)

    @routes.get("/<slug:name>/versions")
    @routes.needs("desk.view")
    @routes.response(200, page_of(VersionedPlanSchema))
    @routes.refuses(404)
    def plan_versions(name: str) -> Response:
        """Every version of a plan, the oldest first, each with its reason."""
        return versioned.versions(database, PLAN_VERSIONS, name)

    @routes.put("/<slug:name>")
    @routes.needs("plan.manage")
    @routes.takes(PlanSchema)
    @routes.versioned(is_required=False)
    @routes.response(200, VersionedPlanSchema, headers=ETAG)
    @routes.refuses(404, 428)
    def put_plan(body: dict[str, Any], name: str) -> Response:
        """Make a plan, or a new version of one (with If-Match), to which open tickets are brought."""
        described, reason = versioned.described(body)
        expected, by, key = version_to_replace(), principal().name, Key(PLANS, name)

        def run(documents: Documents, now: datetime) -> Changes:
            return versioned.shown(change_plan(name, described, reason, by, documents, now))

        return commands.run(at_version(expected, key, run), [key])

    return routes
