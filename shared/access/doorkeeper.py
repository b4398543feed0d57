"""Who a credential belongs to, by this service's own copy of keys, agents and roles, remembered for a second."""

import time
from collections.abc import Iterable, Mapping

from pymongo.database import Database

from shared.access import api_keys
from shared.access.agents import AGENTS, ROLES
from shared.access.api_keys import API_KEYS
from shared.access.key_uses import KeyUses
from shared.access.may import EVERYWHERE, Principal
from shared.access.permissions import SCOPES
from shared.access.tokens import Identity, TokenInvalid, Verifier
from shared.moments import utc_now
from shared.refusals import Invalid, Reason, Refusal
from shared.store.documents import Document

ON_BEHALF_OF = "X-On-Behalf-Of"
_REMEMBERED_SECONDS = 1.0
_MOST_REMEMBERED = 10_000


class Unauthorized(Refusal):
    status = 401
    title = "Who are you?"


class Doorkeeper:
    def __init__(self, database: Database[Document], verifier: Verifier, key_uses: KeyUses) -> None:
        self._database = database
        self._verifier = verifier
        self._key_uses = key_uses
        self._remembered: dict[tuple[str, str], tuple[float, Document | None]] = {}

    def principal(self, authorization: str, on_behalf_of: str | None = None) -> Principal:
        """`on_behalf_of`: the agent for whom an API key acts; then both must be allowed to do what they do."""
        scheme, _, credential = authorization.partition(" ")
        if scheme.lower() != "bearer" or not credential.strip():
            raise Unauthorized("Send the header Authorization: Bearer … with an API key or a token.")
        parts = api_keys.split(credential.strip())
        if parts is not None:
            key = self._key(*parts)
            return key if on_behalf_of is None else self._acting_for(key, on_behalf_of)
        if on_behalf_of is not None:
            reason = Reason(ON_BEHALF_OF, "is for API keys", "Leave it out: a token says who acts.")
            raise Invalid("A token acts for nobody else.", (reason,))
        return self._token(credential.strip())

    def _key(self, key_id: str, secret: str) -> Principal:
        row = self._row(API_KEYS, key_id)
        if row is None or not api_keys.opens(row, secret, utc_now()):
            raise Unauthorized("This API key is not known, revoked or expired.")
        self._key_uses.note(key_id)
        permissions = frozenset[str]().union(*(SCOPES.get(scope, ()) for scope in row["scopes"]))
        return Principal("integration", row["_id"], row["name"], {EVERYWHERE: permissions}, key_id=row["_id"])

    def _token(self, token: str) -> Principal:
        try:
            identity = self._verifier.identity(token)
        except TokenInvalid as error:
            raise Unauthorized(f"Sign in again: {error}.") from error
        if identity.kind == "requester":
            return Principal("requester", identity.id, identity.name, ticket_id=identity.ticket_id)
        return self._agent(identity)

    def _agent(self, identity: Identity) -> Principal:
        agent = self._row(AGENTS, identity.id)
        if agent is None or not agent["active"]:
            raise Unauthorized("This agent's account is disabled.")
        if identity.generation < agent.get("generation", 0):
            raise Unauthorized("Sign in again: this token is from before the last change of the account.")
        return Principal("agent", agent["_id"], agent["name"], self._rights(agent["roles"]))

    def _acting_for(self, key: Principal, agent_id: str) -> Principal:
        agent = self._row(AGENTS, agent_id)
        if agent is None or not agent["active"]:
            reason = Reason(
                ON_BEHALF_OF, "must be the id of an active agent", "GET /v1/agents of assignment lists them."
            )
            raise Invalid("This agent is not known.", (reason,))
        allowed = key.rights[EVERYWHERE]
        rights = {place: permissions & allowed for place, permissions in self._rights(agent["roles"]).items()}
        return Principal("agent", agent["_id"], agent["name"], rights, key_id=key.id)

    def _rights(self, roles: Mapping[str, str]) -> dict[str, frozenset[str]]:
        return {place: frozenset(self._permissions(role)) for place, role in roles.items()}

    def _permissions(self, role: str) -> Iterable[str]:
        row = self._row(ROLES, role)
        return row["permissions"] if row is not None else ()

    def _row(self, collection: str, name: str) -> Document | None:
        place = (collection, name)
        found = self._remembered.get(place)
        if found is None or time.monotonic() - found[0] > _REMEMBERED_SECONDS:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            found = (time.monotonic(), self._database[collection].find_one({"_id": name}))
            self._remembered[place] = found
        return found[1]
