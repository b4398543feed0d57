"""The hours in which clocks run."""

from datetime import datetime
from typing import Any

from flask import Response
from pymongo.database import Database

from services.sla.answer_schemas import VersionedScheduleSchema
from services.sla.api import versioned
from services.sla.handlers.change_schedule import change_schedule
from services.sla.plan_repository import plans_by
from services.sla.schedule_repository import SCHEDULE_VERSIONS, SCHEDULES
from services.sla.schemas import ScheduleSchema
from shared.http.commands import Commands
from shared.http.contract import ETAG, Routes
from shared.http.door import principal
from shared.http.pages import page_of
from shared.http.versions import at_version, version_to_replace
from shared.store.documents import Changes, Document, Documents, Key


def schedule_routes(database: Database[Document], commands: Commands) -> Routes:
    routes = Routes("schedules", __name__, url_prefix="/v1/schedules", description="The hours in which clocks run.")

    @routes.get("")
    @routes.needs("desk.view")
    @routes.response(200, page_of(VersionedScheduleSchema))
    def schedules() -> Response:
        """All schedules, each in its current version."""
        return versioned.current(database, SCHEDULES)

    @routes.get("/<slug:name>")
    @routes.needs("desk.view")
    @routes.response(200, VersionedScheduleSchema, headers=ETAG)
    @routes.refuses(404)
    def schedule(name: str) -> Response:
        """The current version of a schedule."""
        return versioned.one(database, SCHEDULES, name)

    @routes.get("/<slug:name>/versions")
    @routes.needs("desk.view")
    @routes.response(200, page_of(VersionedScheduleSchema))
    @routes.refuses(404)
    def schedule_versions(name: str) -> Response:
        """Every version of a schedule, the oldest first, each with its reason."""
        return versioned.versions(database, SCHEDULE_VERSIONS, name)

    @routes.put("/<slug:name>")
    @routes.needs("plan.manage")
    @routes.takes(ScheduleSchema)
    @routes.versioned(is_required=False)
    @routes.response(200, VersionedScheduleSchema, headers=ETAG)
    @routes.refuses(404, 428)
    def put_schedule(body: dict[str, Any], name: str) -> Response:
        """Make a schedule, or a new version of one (with If-Match), and with it one of each plan that uses it."""
        described, reason = versioned.described(body)
        described["holidays"] = sorted({day.isoformat() for day in described["holidays"]})
        expected, by, key = version_to_replace(), principal().name, Key(SCHEDULES, name)

        def run(documents: Documents, now: datetime) -> Changes:
            users = plans_by(name, database, documents)
            return versioned.shown(change_schedule(name, described, reason, by, users, documents, now))

        return commands.run(at_version(expected, key, run), [key])

    return routes
