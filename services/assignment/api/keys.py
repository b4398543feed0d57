"""API keys: issued (and shown this once), listed, revoked."""

from functools import partial
from typing import Any

from flask import Response, request
from pymongo import ASCENDING
from pymongo.database import Database

from services.assignment.answer_schemas import ApiKeyShownSchema, IssuedApiKeySchema
from services.assignment.handlers.issue_api_key import ISSUED_KEYS, issue_api_key, shown
from services.assignment.handlers.revoke_api_key import revoke_api_key
from services.assignment.schemas import ApiKeySchema
from shared.access.api_keys import API_KEYS
from shared.http.answers import answer
from shared.http.commands import Commands
from shared.http.contract import Routes
from shared.http.door import principal
from shared.http.pages import all_of, page_of
from shared.refusals import Invalid, Reason
from shared.store.documents import Document, Key


def key_routes(database: Database[Document], commands: Commands) -> Routes:
    routes = Routes("api keys", __name__, url_prefix="/v1/api-keys", description="Credentials of programs.")

    @routes.get("")
    @routes.needs("api_key.manage")
    @routes.response(200, page_of(ApiKeyShownSchema))
    def get_keys() -> Response:
        """All keys, the oldest first, but for their secrets."""
        return all_of(map(shown, database[ISSUED_KEYS].find().sort("issued_at", ASCENDING)))

    @routes.post("")
    @routes.needs("api_key.manage")
    @routes.takes(ApiKeySchema, is_idempotent=False)
    @routes.response(201, IssuedApiKeySchema)
    def post_key(body: dict[str, Any]) -> Response:
        """Issue a key, which is shown this once. It can do no more than who makes it."""
        if "Idempotency-Key" in request.headers:
            reason = Reason("Idempotency-Key", "can't be used here", "Send it without, and revoke a key you lost.")
            raise Invalid("A key is shown once: its answer is not kept to be repeated.", (reason,))
        run = partial(issue_api_key, body["name"], body["scopes"], body["expires_at"], principal())
        return answer(commands.carry_out(run), 201, Cache_Control="no-store")

    @routes.delete("/<key_id>")
    @routes.needs("api_key.manage")
    @routes.idempotent
    @routes.response(200, ApiKeyShownSchema)
    @routes.refuses(404)
    def delete_key(key_id: str) -> Response:
        """Revoke a key: here at once, elsewhere within a second."""
        return commands.run(partial(revoke_api_key, key_id), [Key(ISSUED_KEYS, key_id), Key(API_KEYS, key_id)])

    return routes
