"""What the four APIs have in common: one door, one form of errors, one contract."""

from flask import Flask, Response
from flask_smorest import Api
from pymongo.database import Database
from werkzeug.middleware.proxy_fix import ProxyFix

from shared.access.doorkeeper import Doorkeeper
from shared.access.key_uses import KeyUses
from shared.access.tokens import Verifier
from shared.http import contract, door, observed, reading_room
from shared.http.answers import answer
from shared.http.rate_limit import RateLimit
from shared.settings import DoorSettings
from shared.store.documents import Document
from shared.store.unit_of_work import UnitOfWork
from shared.threads import take_short_turns

MAX_JSON_BYTES = 1024 * 1024


def create_app(
    service: str, description: str, database: Database[Document], settings: DoorSettings
) -> tuple[Flask, Api]:
    """The app, and the Api with which its blueprints are registered."""
    take_short_turns()
    app = Flask(service, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_JSON_BYTES
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_host=0)  # type: ignore[method-assign]
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's own provider has it, its base class hasn't
    observed.register(app, database)
    api = contract.describe(app, f"Relaydesk: {service}", description)
    verifier = Verifier({"agent": settings.agents_public_key, "requester": settings.requesters_public_key})
    key_uses = KeyUses(UnitOfWork(database, service), service)
    door.guard(app, Doorkeeper(database, verifier, key_uses), RateLimit(settings.limits))

    @app.get("/openapi.json")
    @door.open_to_all
    def openapi() -> Response:
        return answer(api.spec.to_dict())

    reading_room.register(app)
    return app, api
