"""Why a ticket is due when it is, and the plans and schedules that say so."""

import re
from datetime import datetime
from typing import Any

from flask import Blueprint, Response
from pymongo import ASCENDING
from pymongo.database import Database

from services.sla.clock_repository import CLOCKS, TOLD
from services.sla.clock_view import clock_view
from services.sla.handlers.change_plan import change_plan
from services.sla.handlers.change_schedule import change_schedule
from services.sla.plan_repository import PLAN_VERSIONS, PLANS
from services.sla.schedule_repository import SCHEDULE_VERSIONS, SCHEDULES
from services.sla.schemas import PlanSchema, ScheduleSchema
from shared.http.application import Commands, answer, json_body, principal
from shared.moments import utc_now
from shared.refusals import Invalid, NotFound, Reason
from shared.store.documents import Changes, Document, Documents, Key

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")


def blueprint(database: Database[Document], commands: Commands) -> Blueprint:
    routes = Blueprint("sla", __name__, url_prefix="/v1")

    @routes.get("/clocks/<ticket_id>")
    def clock(ticket_id: str) -> Response:
        document = database[CLOCKS].find_one({"_id": ticket_id})
        if document is None:
            raise NotFound(f"There is no clock of a ticket {ticket_id}.")
        told = list(database[TOLD].find({"ticket_id": ticket_id}).sort("told_at", ASCENDING))
        return answer(clock_view(document, told, Documents(database), utc_now()))

    @routes.get("/plans")
    def plans() -> Response:
        return _all(PLANS)

    @routes.get("/plans/<name>")
    def plan(name: str) -> Response:
        return _one(PLANS, name)

    @routes.get("/plans/<name>/versions")
    def plan_versions(name: str) -> Response:
        return _versions(PLAN_VERSIONS, name)

    @routes.put("/plans/<name>")
    def put_plan(name: str) -> Response:
        described, reason = _described(json_body(PlanSchema()), name)
        by = principal().name

        def run(documents: Documents, now: datetime) -> Changes:
            return _shown(change_plan(name, described, reason, by, documents, now))

        return commands.run(run, [Key(PLANS, name)])

    @routes.get("/schedules")
    def schedules() -> Response:
        return _all(SCHEDULES)

    @routes.get("/schedules/<name>")
    def schedule(name: str) -> Response:
        return _one(SCHEDULES, name)

    @routes.get("/schedules/<name>/versions")
    def schedule_versions(name: str) -> Response:
        return _versions(SCHEDULE_VERSIONS, name)

    @routes.put("/schedules/<name>")
    def put_schedule(name: str) -> Response:
        described, reason = _described(json_body(ScheduleSchema()), name)
        described["holidays"] = sorted({day.isoformat() for day in described["holidays"]})
        by = principal().name

        def run(documents: Documents, now: datetime) -> Changes:
            users = documents.see(PLANS, list(database[PLANS].find({"schedule_ids": name})))
            return _shown(change_schedule(name, described, reason, by, users, documents, now))

        return commands.run(run, [Key(SCHEDULES, name)])

    def _all(collection: str) -> Response:
        return answer({"items": [_view(row) for row in database[collection].find().sort("_id", ASCENDING)]})

    def _one(collection: str, name: str) -> Response:
        row = database[collection].find_one({"_id": name})
        if row is None:
            raise NotFound(f"There is no {name} among the {collection}.")
        return answer(_view(row))

    def _versions(collection: str, name: str) -> Response:
        rows = list(database[collection].find({"definition.id": name}).sort("version", ASCENDING))
        if not rows:
            raise NotFound(f"There is no {name}.")
        return answer({"items": [_view(row) for row in rows]})

    return routes


def _described(body: dict[str, Any], name: str) -> tuple[Document, str]:
    """The body without its reason, and the reason; raises Invalid when the name in the path can't be one."""
    if not _SLUG.fullmatch(name):
        reason = Reason("id", "must be a short name of a-z, 0-9, _ and -", "Choose another name in the path.")
        raise Invalid("The name in the path is not valid.", (reason,))
    return {key: value for key, value in body.items() if key != "reason"}, body["reason"]


def _shown(changes: Changes) -> Changes:
    return Changes(changes.documents, changes.rows, changes.events, _view(changes.answer))


def _view(row: Document) -> Document:
    return {**row["definition"], **{name: row[name] for name in ("reason", "changed_at", "changed_by")}}
