"""How a requester comes in without a password: he asks for a link by mail, and a link is worth a token."""

from functools import partial
from typing import Any

from flask import Response
from pymongo.database import Database

from services.intake import answer_schemas, schemas
from services.intake.handlers.request_access import request_access, request_access_keys
from services.intake.open_link import open_link
from shared.access.permissions import PUBLIC
from shared.access.tokens import Signer
from shared.http.answers import answer
from shared.http.commands import Commands
from shared.http.contract import Routes
from shared.moments import utc_now
from shared.store.documents import Document

_ASKED = {"detail": "If this address is known, a link is on its way to it. It lets you in for an hour."}
_LINK = {"in": "path", "name": "link", "schema": {"type": "string", "pattern": r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$"}}


def access_routes(database: Database[Document], commands: Commands, signer: Signer, link_secret: str) -> Routes:
    """`signer` has the requesters' key; `link_secret` is the one with which notify signs its links."""
    routes = Routes("access", __name__, url_prefix="/v1/access", description="How requesters come in.")

    @routes.post("")
    @routes.needs(PUBLIC)
    @routes.takes(schemas.AccessSchema, is_idempotent=False)
    @routes.response(202, answer_schemas.AccessRequestedSchema)
    def ask_for_access(asked: dict[str, Any]) -> Response:
        """Ask for a link by mail. The answer is the same for an address that is not known."""
        address = asked["address"]
        commands.carry_out(partial(request_access, address), request_access_keys(address))
        return answer(_ASKED, 202)

    @routes.get("/<link>", parameters=[_LINK])
    @routes.needs(PUBLIC)
    @routes.response(200, answer_schemas.EntranceSchema)
    @routes.refuses(404)
    def come_in(link: str) -> Response:
        """Open a link out of a mail: a token of five minutes for all of one's own tickets, or for one."""
        now = utc_now()
        identity, requester = open_link(link, link_secret, database, now)
        token, expires_at = signer.sign(identity, now)
        holder = {"id": requester.id, "address": requester.address, "name": requester.name}
        entrance = {"token": token, "expires_at": expires_at, "ticket_id": identity.ticket_id, "requester": holder}
        return answer(entrance)

    routes.after_request(_keep_to_oneself)
    return routes


def _keep_to_oneself(response: Response) -> Response:
    """A link in an address bar goes to no other site, and a token into no cache."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
