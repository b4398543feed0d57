"""What everybody may know of himself; and what agents say of themselves: that they are there, and a new password."""

from functools import partial
from typing import Any

from flask import Response, request
from pymongo.database import Database

from services.assignment.account_schemas import AvailabilitySchema, PasswordChangeSchema
from services.assignment.accounts import ACCOUNTS
from services.assignment.answer_schemas import ChangedAgentSchema, MeSchema, SignedInSchema
from services.assignment.domain.password_rules import must_be_a_password
from services.assignment.handlers.announcing_agents import shown
from services.assignment.handlers.change_agent import change_availability
from services.assignment.handlers.set_password import change_password
from services.assignment.roster_repository import AGENTS
from services.assignment.sign_in import SignIn
from shared.access.may import Forbidden, Principal
from shared.access.permissions import REQUESTERS_OWN, SIGNED_IN
from shared.http.answers import answer
from shared.http.commands import Commands
from shared.http.contract import ETAG, Routes
from shared.http.door import principal
from shared.http.network import network_of
from shared.http.versions import at_version, expected_version
from shared.moments import utc_now
from shared.refusals import Invalid, Reason
from shared.store.documents import Document, Key


def me_routes(database: Database[Document], commands: Commands, sign_in: SignIn) -> Routes:
    routes = Routes("me", __name__, url_prefix="/v1/me", description="Who you are here.")

    @routes.get("")
    @routes.needs(SIGNED_IN)
    @routes.response(200, MeSchema, headers=ETAG)
    def get_me() -> Response:
        """Who you are, and what you may do."""
        who = principal()
        agent = database[AGENTS].find_one({"_id": who.id}) if who.kind == "agent" else None
        me: dict[str, Any] = {
            "kind": who.kind,
            "id": who.id,
            "name": who.name,
            "key_id": who.key_id,
            "ticket_id": who.ticket_id,
            "permissions": _permissions(who),
            "agent": agent and shown(agent),
        }
        return answer({**me, "version": agent["version"]} if agent else me)

    @routes.patch("")
    @routes.needs(SIGNED_IN)
    @routes.takes(AvailabilitySchema)
    @routes.versioned(is_required=True)
    @routes.response(200, ChangedAgentSchema, headers=ETAG)
    @routes.refuses(403, 404)
    def patch_me(body: dict[str, Any]) -> Response:
        """An agent takes new tickets, or does not for now."""
        key = Key(AGENTS, _agent_himself().id)
        run = partial(change_availability, key.value, body["available"])
        return commands.run(at_version(expected_version(is_required=True), key, run), [key])

    @routes.put("/password")
    @routes.needs(SIGNED_IN)
    @routes.takes(PasswordChangeSchema, is_idempotent=False)
    @routes.response(201, SignedInSchema)
    @routes.refuses(403, 409)
    def put_password(body: dict[str, Any]) -> Response:
        """A new password. All sessions and tokens end; the answer has new ones."""
        now, key = utc_now(), Key(AGENTS, _agent_himself().id)
        me = database[AGENTS].find_one({"_id": key.value}) or {}
        agent = sign_in.proven(me["address"], body["current"], network_of(request.remote_addr or ""), now)
        if agent is None:
            reason = Reason("current", "must be your password", "Reset it if you forgot it: POST /v1/password-resets.")
            raise Invalid("Your password was not changed.", (reason,))
        must_be_a_password("new", body["new"], agent["name"], agent["address"])
        change = partial(change_password, agent["_id"], agent["generation"], sign_in.passwords.hash(body["new"]))
        agent = commands.carry_out(change, [key, Key(ACCOUNTS, agent["_id"])])
        return answer(sign_in.session(agent, now), 201, Cache_Control="no-store")

    return routes


def _agent_himself() -> Principal:
    who = principal()
    if who.kind != "agent" or who.key_id is not None:
        raise Forbidden("This is for agents who have signed in themselves.")
    return who


def _permissions(who: Principal) -> dict[str, list[str]]:
    if who.kind == "requester":
        return {"own": sorted(REQUESTERS_OWN)}
    return {place: sorted(permissions) for place, permissions in who.rights.items()}
