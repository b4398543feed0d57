"""The link in an invitation: whom it is for, and the password that its holder chooses, once."""

from functools import partial
from typing import Any

from flask import Response
from pymongo.database import Database

from services.assignment.account_schemas import NewPasswordSchema
from services.assignment.accounts import ACCOUNTS, INVITATION, is_open
from services.assignment.answer_schemas import InvitationSchema, SignedInSchema
from services.assignment.domain.password_rules import must_be_a_password
from services.assignment.handlers.set_password import accept_invitation
from services.assignment.roster_repository import AGENTS
from services.assignment.sign_in import SignIn
from shared.access import signed_link
from shared.access.permissions import PUBLIC
from shared.access.signed_link import LinkInvalid
from shared.http.answers import answer
from shared.http.commands import Commands
from shared.http.contract import Routes
from shared.moments import utc_now
from shared.refusals import NotFound
from shared.store.documents import Document, Key

_PRIVATE = {"Cache_Control": "no-store", "Referrer_Policy": "no-referrer"}


def invitation_routes(database: Database[Document], commands: Commands, sign_in: SignIn, link_secret: str) -> Routes:
    routes = Routes("invitations", __name__, url_prefix="/v1/invitations", description="Agents choose a password.")

    @routes.get("/<link>")
    @routes.needs(PUBLIC)
    @routes.response(200, InvitationSchema)
    @routes.refuses(404)
    def get_invitation(link: str) -> Response:
        """Whom an invitation is for, and until when."""
        agent, invitation = _invited(link)
        person = {"id": agent["_id"], "name": agent["name"], "address": agent["address"]}
        return answer({"agent": person, "expires_at": invitation["expires_at"]}, 200, **_PRIVATE)

    @routes.post("/<link>")
    @routes.needs(PUBLIC)
    @routes.takes(NewPasswordSchema, is_idempotent=False)
    @routes.response(201, SignedInSchema)
    @routes.refuses(404)
    def post_password(body: dict[str, Any], link: str) -> Response:
        """Choose a password, once, and be signed in."""
        agent, invitation = _invited(link)
        must_be_a_password("password", body["password"], agent["name"], agent["address"])
        accept = partial(accept_invitation, agent["_id"], invitation["id"], sign_in.passwords.hash(body["password"]))
        agent = commands.carry_out(accept, [Key(AGENTS, agent["_id"]), Key(ACCOUNTS, agent["_id"])])
        return answer(sign_in.session(agent, utc_now()), 201, **_PRIVATE)

    def _invited(link: str) -> tuple[Document, Document]:
        """The agent, and the invitation of his account."""
        now = utc_now()
        try:
            found = signed_link.read(link, INVITATION, link_secret, now)
        except LinkInvalid as error:
            raise _nothing() from error
        agent = database[AGENTS].find_one({"_id": found.holder, "active": True})
        account = database[ACCOUNTS].find_one({"_id": found.holder})
        if agent is None or account is None or not is_open(account, found.subject, now):
            raise _nothing()
        return agent, account["invitation"]

    return routes


def _nothing() -> NotFound:
    return NotFound("This invitation is not open, or not any more: ask for another one.")
