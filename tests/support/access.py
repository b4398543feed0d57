"""Who knocks, in tests: keys as setup makes them, tokens as sign-in gives them, rows as every service keeps them."""

from datetime import datetime
from functools import cache

from joserfc.jwk import OKPKey
from pymongo.database import Database

from shared.access import api_keys
from shared.access.agents import AGENTS, ROLES
from shared.access.api_keys import API_KEYS
from shared.access.permissions import ROLES as SEEDED_ROLES
from shared.access.tokens import Identity, Signer
from shared.moments import utc_now
from shared.settings import DoorSettings, Limits
from shared.store.documents import Document

Headers = dict[str, str]


@cache
def _keys() -> dict[str, OKPKey]:
    return {kind: OKPKey.generate_key("Ed25519") for kind in ("agent", "requester")}


def signing_key(kind: str) -> str:
    return _keys()[kind].as_pem(private=True).decode()


def public_key(kind: str) -> str:
    return _keys()[kind].as_pem(private=False).decode()


def door_settings(limits: Limits | None = None) -> DoorSettings:
    return DoorSettings(public_key("agent"), public_key("requester"), limits or Limits(network="100000/minute"))


def signed_in(kind: str, name: str, ticket_id: str | None = None) -> Headers:
    """As the agent or requester of this id; with `ticket_id` as somebody whom a one-ticket link let in."""
    token, _ = Signer(signing_key(kind)).sign(Identity(kind, name, name.title(), ticket_id), utc_now())
    return {"Authorization": f"Bearer {token}"}


def give_roles(database: Database[Document]) -> None:
    """The roles of a new desk."""
    for name, (_, permissions) in SEEDED_ROLES.items():
        document = {"_id": name, "permissions": sorted(permissions), "sequence": 1, "revision": 1}
        database[ROLES].replace_one({"_id": name}, document, upsert=True)


def seat_agent(database: Database[Document], name: str, roles: dict[str, str], *, is_active: bool = True) -> None:
    """`roles`: by department, "*" for everywhere."""
    agent = {"name": name.title(), "active": is_active, "roles": roles, "sequence": 1, "revision": 1}
    database[AGENTS].replace_one({"_id": name}, agent, upsert=True)


def key_with(
    database: Database[Document],
    *scopes: str,
    name: str = "A key",
    expires_at: datetime | None = None,
    is_revoked: bool = False,
) -> Headers:
    key_id, key, secret_sha256 = api_keys.new_key()
    row = {"name": name, "secret_sha256": secret_sha256, "scopes": list(scopes), "expires_at": expires_at}
    database[API_KEYS].insert_one({"_id": key_id, **row, "revoked": is_revoked, "revision": 1})
    return {"Authorization": f"Bearer {key}"}
