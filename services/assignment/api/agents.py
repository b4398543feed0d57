"""Agents with their workloads: read by everybody who works here, changed by who manages them."""

from functools import partial
from typing import Any

from flask import Response
from pymongo.database import Database

from services.assignment.accounts import ACCOUNTS
from services.assignment.answer_schemas import AgentShownSchema, ChangedAgentSchema, InvitedSchema
from services.assignment.handlers import change_agent
from services.assignment.handlers.announcing_agents import shown
from services.assignment.handlers.invite_agent import invite_agent
from services.assignment.roster_repository import AGENTS
from services.assignment.schemas import AgentChangeSchema, AgentSchema
from services.assignment.workloads import WORKLOADS
from shared.http.answers import answer
from shared.http.commands import Commands
from shared.http.contract import ETAG, Routes
from shared.http.door import principal
from shared.http.pages import LINK, PageSchema, page, page_of
from shared.http.versions import at_version, expected_version
from shared.refusals import NotFound
from shared.store.documents import Document, Key


def agent_routes(database: Database[Document], commands: Commands) -> Routes:
    routes = Routes("agents", __name__, url_prefix="/v1/agents", description="Who works here, where and on how much.")

    @routes.get("")
    @routes.needs("desk.view")
    @routes.arguments(PageSchema, location="query")
    @routes.response(200, page_of(AgentShownSchema), headers=LINK)
    def get_agents(asked: dict[str, Any]) -> Response:
        """The agents by id, with their open tickets."""
        loads = {row["_id"]: row["open"] for row in database[WORKLOADS].find()}
        return page(
            database[AGENTS], {}, asked, lambda found: _agent(found, loads.get(found["_id"], 0)), newest_first=False
        )

    @routes.get("/<slug:agent_id>")
    @routes.needs("desk.view")
    @routes.response(200, AgentShownSchema, headers=ETAG)
    @routes.refuses(404)
    def get_agent(agent_id: str) -> Response:
        """An agent."""
        found, load = database[AGENTS].find_one({"_id": agent_id}), database[WORKLOADS].find_one({"_id": agent_id})
        if found is None:
            raise NotFound(f"There is no agent {agent_id}.")
        return answer(_agent(found, load["open"] if load else 0))

    @routes.post("")
    @routes.needs("agent.manage")
    @routes.takes(AgentSchema)
    @routes.response(201, ChangedAgentSchema, headers=ETAG)
    @routes.refuses(409)
    def post_agent(body: dict[str, Any]) -> Response:
        """An agent comes, and is invited by mail to choose a password."""
        fields = {name: value for name, value in body.items() if name != "invite"}
        run = partial(change_agent.add_agent, fields, principal(), body["invite"])
        return commands.run(run, change_agent.keys(fields["id"], fields), status=201)

    @routes.patch("/<slug:agent_id>")
    @routes.needs("agent.manage")
    @routes.takes(AgentChangeSchema)
    @routes.versioned(is_required=True)
    @routes.response(200, ChangedAgentSchema, headers=ETAG)
    @routes.refuses(404, 409)
    def patch_agent(body: dict[str, Any], agent_id: str) -> Response:
        """Change an agent. `active: false` ends sessions and tokens at once."""
        run = partial(change_agent.change_agent, agent_id, body, principal())
        expected = expected_version(is_required=True)
        return commands.run(at_version(expected, Key(AGENTS, agent_id), run), change_agent.keys(agent_id, body))

    @routes.post("/<slug:agent_id>/invitation")
    @routes.needs("agent.manage")
    @routes.idempotent
    @routes.response(201, InvitedSchema)
    @routes.refuses(404, 409)
    def post_invitation(agent_id: str) -> Response:
        """Invite an agent anew. An invitation from before is over."""
        run = partial(invite_agent, agent_id, principal().name)
        return commands.run(run, [Key(AGENTS, agent_id), Key(ACCOUNTS, agent_id)], status=201)

    return routes


def _agent(agent: Document, open_tickets: int) -> dict[str, Any]:
    return {**shown(agent), "open": open_tickets}
