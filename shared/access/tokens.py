"""Who somebody is, signed for five minutes: JWT (RFC 7519) with Ed25519 (RFC 8037).

Assignment signs for agents, intake for requesters; everybody can read both. A token says who, never what he may do.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

LIFE = timedelta(minutes=5)
AUDIENCE = "relaydesk"
_ALGORITHM = "Ed25519"
_ISSUER_OF = {"agent": "assignment", "requester": "intake"}
_MOST_REMEMBERED = 10_000


class TokenInvalid(ValueError):
    """Not signed by us for this, or over."""


@dataclass(frozen=True)
class Identity:
    """`ticket_id`: the only ticket that this opens; None for all of the requester's own.

    `generation` of an agent: his new password, and his being disabled, end what was signed for an older one.
    """

    kind: str
    id: str
    name: str
    ticket_id: str | None = None
    generation: int = 0


class Signer:
    """`private_key` in PEM (PKCS #8)."""

    def __init__(self, private_key: str) -> None:
        self._key = OKPKey.import_key(private_key)

    def sign(self, identity: Identity, now: datetime) -> tuple[str, datetime]:
        """(the token, when it ends)"""
        expires_at = now + LIFE
        claims = {
            "iss": _ISSUER_OF[identity.kind],
            "aud": AUDIENCE,
            "sub": identity.id,
            "name": identity.name,
            "generation": identity.generation,
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
        }
        if identity.ticket_id is not None:
            claims["ticket"] = identity.ticket_id
        header = {"alg": _ALGORITHM, "kid": identity.kind}
        return jwt.encode(header, claims, self._key, algorithms=[_ALGORITHM]), expires_at


class Verifier:
    """`public_keys` in PEM by the kind of principal. What was verified once is remembered until it ends."""

    def __init__(self, public_keys: Mapping[str, str]) -> None:
        self._keys = {kind: OKPKey.import_key(key) for kind, key in public_keys.items()}
        self._verified: dict[str, tuple[float, Identity]] = {}

    def identity(self, token: str) -> Identity:
        ends_at, identity = self._verified.get(token) or self._verify(token)
        if ends_at <= time.time():
            self._verified.pop(token, None)
            raise TokenInvalid("this token is over")
        return identity

    def _verify(self, token: str) -> tuple[float, Identity]:
        for kind, key in self._keys.items():
            try:
                found = jwt.decode(token, key, algorithms=[_ALGORITHM])
            except (JoseError, ValueError):
                continue
            claims = found.claims
            if found.header.get("kid") != kind or claims.get("iss") != _ISSUER_OF[kind]:
                continue
            return self._remember(token, kind, claims)
        raise TokenInvalid("this token is not signed by us")

    def _remember(self, token: str, kind: str, claims: Mapping[str, object]) -> tuple[float, Identity]:
        subject, name, ends_at, began_at = (claims.get(n) for n in ("sub", "name", "exp", "iat"))
        if claims.get("aud") != AUDIENCE or not isinstance(ends_at, int) or not isinstance(began_at, int):
            raise TokenInvalid("this token is not for us")
        if ends_at - began_at > LIFE.total_seconds() or not isinstance(subject, str):
            raise TokenInvalid("this token is not of ours")
        ticket, generation = claims.get("ticket"), claims.get("generation")
        identity = Identity(
            kind,
            subject,
            str(name),
            ticket if isinstance(ticket, str) else None,
            generation if isinstance(generation, int) else 0,
        )
        if len(self._verified) >= _MOST_REMEMBERED:
            self._verified.clear()
        self._verified[token] = (float(ends_at), identity)
        return float(ends_at), identity
