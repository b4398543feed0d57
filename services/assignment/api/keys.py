"""API keys: issued (and shown this once), listed, revoked."""

from functools import partial

from flask import Flask, Response, request
from pymongo.database import Database

from services.assignment.api.callers import require_administrator
from services.assignment.handlers.issue_api_key import ISSUED_KEYS, issue_api_key, shown
from services.assignment.handlers.revoke_api_key import revoke_api_key
from services.assignment.schemas import ApiKeySchema
from shared.access import API_KEYS
from shared.http.application import Commands, answer, json_body
from shared.refusals import Invalid, Reason
from shared.store.documents import Document, Key

_API_KEY = ApiKeySchema()


def register(app: Flask, database: Database[Document], commands: Commands) -> None:
    @app.get("/v1/api-keys")
    def get_keys() -> Response:
        require_administrator()
        return answer({"api_keys": [shown(issued) for issued in database[ISSUED_KEYS].find().sort("issued_at", 1)]})

    @app.post("/v1/api-keys")
    def post_key() -> Response:
        require_administrator()
        if "Idempotency-Key" in request.headers:
            reason = Reason("Idempotency-Key", "can't be used here", "Send it without, and revoke a key you lost.")
            raise Invalid("A key is shown once: its answer is not kept to be repeated.", (reason,))
        body = json_body(_API_KEY)
        return commands.run(partial(issue_api_key, body["name"], body["scopes"], body["expires_at"]), status=201)

    @app.delete("/v1/api-keys/<key_id>")
    def delete_key(key_id: str) -> Response:
        require_administrator()
        return commands.run(partial(revoke_api_key, key_id), [Key(ISSUED_KEYS, key_id), Key(API_KEYS, key_id)])
