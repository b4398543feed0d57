"""Signing in: a password for a session, a session for short tokens."""

from functools import partial
from typing import Any

from flask import Response, request
from pymongo.database import Database

from services.assignment.account_schemas import AddressSchema, SessionSchema, SignInSchema
from services.assignment.answer_schemas import AcceptedSchema, SignedInSchema, TokenSchema
from services.assignment.domain.sign_in_limits import reset_counter
from services.assignment.handlers.invite_agent import reset_password
from services.assignment.roster_repository import AGENTS
from services.assignment.sessions import end_session, renew_session
from services.assignment.sign_in import SignIn
from shared.access.permissions import PUBLIC
from shared.http.answers import answer
from shared.http.commands import Commands
from shared.http.contract import Routes
from shared.http.network import network_of
from shared.moments import utc_now
from shared.refusals import Refusal
from shared.store.documents import Document, Key


class SignInRefused(Refusal):
    status = 401
    title = "You are not signed in"


def sign_in_routes(database: Database[Document], commands: Commands, sign_in: SignIn) -> Routes:
    routes = Routes("sign-in", __name__, url_prefix="/v1", description="Agents say who they are.")

    @routes.post("/sign-in")
    @routes.needs(PUBLIC)
    @routes.takes(SignInSchema, is_idempotent=False)
    @routes.response(201, SignedInSchema)
    @routes.refuses(401)
    def post_sign_in(body: dict[str, Any]) -> Response:
        """Sign in. What is wrong is not said; after a few tries one has to wait."""
        now, network = utc_now(), network_of(request.remote_addr or "")
        agent = sign_in.proven(body["address"], body["password"], network, now)
        if agent is None:
            raise SignInRefused("The address or the password is not right, or the account is not in use.")
        return answer(sign_in.session(agent, now), 201, Cache_Control="no-store")

    @routes.post("/sign-in/renewals")
    @routes.needs(PUBLIC)
    @routes.takes(SessionSchema, is_idempotent=False)
    @routes.response(201, TokenSchema)
    @routes.refuses(401)
    def post_renewal(body: dict[str, Any]) -> Response:
        """Another token. A session lasts twelve hours, or four without a renewal."""
        now = utc_now()
        token = sign_in.token(renew_session(database, body["session"], now), now)
        return answer(token, 201, Cache_Control="no-store")

    @routes.post("/sign-out")
    @routes.needs(PUBLIC)
    @routes.takes(SessionSchema, is_idempotent=False)
    @routes.response(204)
    def post_sign_out(body: dict[str, Any]) -> Response:
        """End a session, if there is one."""
        end_session(database, body["session"])
        return Response(status=204)

    @routes.post("/password-resets")
    @routes.needs(PUBLIC)
    @routes.takes(AddressSchema, is_idempotent=False)
    @routes.response(202, AcceptedSchema)
    def post_password_reset(body: dict[str, Any]) -> Response:
        """Have a link mailed with which to choose a new password. The answer is the same for all addresses."""
        if sign_in.attempts.is_first(reset_counter(body["address"]), utc_now()):
            reset = partial(reset_password, body["address"])
            commands.carry_out_later(reset, [Key(AGENTS, body["address"], "address")])
        detail = "If an agent has this address, a link is on its way to it. Another one is sent in ten minutes at most."
        return answer({"detail": detail}, 202)

    return routes
