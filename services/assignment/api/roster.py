"""Agents with their workloads, departments, and the routes of help topics. Changing them is for administrators."""

from functools import partial
from typing import Any

from flask import Flask, Response
from pymongo.database import Database

from services.assignment.api.callers import require_administrator
from services.assignment.handlers import change_agent, change_department
from services.assignment.roster_repository import AGENTS, DEPARTMENTS, ROUTES
from services.assignment.schemas import AgentChangeSchema, AgentSchema, DepartmentSchema, RouteSchema, must_be_slug
from services.assignment.workloads import WORKLOADS
from shared.http.application import Commands, answer, json_body
from shared.refusals import NotFound
from shared.store.documents import Document, Key

_AGENT, _AGENT_CHANGE, _DEPARTMENT, _ROUTE = AgentSchema(), AgentChangeSchema(), DepartmentSchema(), RouteSchema()


def register(app: Flask, database: Database[Document], commands: Commands) -> None:
    @app.get("/v1/agents")
    def get_agents() -> Response:
        loads = {row["_id"]: row["open"] for row in database[WORKLOADS].find()}
        agents = database[AGENTS].find().sort("_id", 1)
        return answer({"agents": [_agent(found, loads.get(found["_id"], 0)) for found in agents]})

    @app.get("/v1/agents/<agent_id>")
    def get_agent(agent_id: str) -> Response:
        load = database[WORKLOADS].find_one({"_id": agent_id})
        return answer(_agent(_one(database, AGENTS, agent_id), load["open"] if load else 0))

    @app.post("/v1/agents")
    def post_agent() -> Response:
        require_administrator()
        fields = json_body(_AGENT)
        keys = change_agent.keys(fields["id"], fields)
        return commands.run(partial(change_agent.add_agent, fields), keys, status=201)

    @app.patch("/v1/agents/<agent_id>")
    def patch_agent(agent_id: str) -> Response:
        require_administrator()
        fields = json_body(_AGENT_CHANGE)
        return commands.run(partial(change_agent.change_agent, agent_id, fields), change_agent.keys(agent_id, fields))

    @app.get("/v1/departments")
    def get_departments() -> Response:
        departments = database[DEPARTMENTS].find().sort("_id", 1)
        return answer({"departments": [change_department.shown(found) for found in departments]})

    @app.get("/v1/departments/<department_id>")
    def get_department(department_id: str) -> Response:
        return answer(change_department.shown(_one(database, DEPARTMENTS, department_id)))

    @app.put("/v1/departments/<department_id>")
    def put_department(department_id: str) -> Response:
        require_administrator()
        must_be_slug("department_id", department_id)
        body = json_body(_DEPARTMENT)
        run = partial(change_department.put_department, department_id, body["name"], body["manager_id"])
        return commands.run(run, [Key(DEPARTMENTS, department_id)])

    @app.get("/v1/routes")
    def get_routes() -> Response:
        return answer({"routes": [change_department.shown_route(r) for r in database[ROUTES].find().sort("_id", 1)]})

    @app.get("/v1/routes/<topic>")
    def get_route(topic: str) -> Response:
        return answer(change_department.shown_route(_one(database, ROUTES, topic)))

    @app.put("/v1/routes/<topic>")
    def put_route(topic: str) -> Response:
        require_administrator()
        must_be_slug("topic", topic)
        body = json_body(_ROUTE)
        run = partial(change_department.put_route, topic, body["department_id"], body["skills"])
        return commands.run(run, [Key(ROUTES, topic), Key(DEPARTMENTS, body["department_id"])])


def _agent(agent: Document, open_tickets: int) -> dict[str, Any]:
    return {**change_agent.shown(agent), "open": open_tickets}


def _one(database: Database[Document], collection: str, name: str) -> Document:
    found = database[collection].find_one({"_id": name})
    if found is None:
        raise NotFound(f"There is no {name} among the {collection}.")
    return found
