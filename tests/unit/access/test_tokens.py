"""Tokens say who somebody is, for five minutes, and only if the right service of ours signed them (RFC 8725)."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from shared.access.tokens import Identity, Signer, TokenInvalid, Verifier
from shared.moments import utc_now
from tests.support.access import public_key, signing_key
from tests.support.eventually import eventually

BEN = Identity("agent", "ben", "Ben", generation=3)
CLAIMS = {"iss": "assignment", "aud": "relaydesk", "sub": "ben", "name": "Ben", "generation": 0}


@pytest.fixture
def verifier() -> Verifier:
    return Verifier({kind: public_key(kind) for kind in ("agent", "requester")})


def signed(kind: str = "agent", header: dict[str, Any] | None = None, **claims: Any) -> str:
    """A token with the right signature, and anything in it."""
    now = int(utc_now().timestamp())
    content = {**CLAIMS, "iat": now, "exp": now + 300, **claims}
    key = OKPKey.import_key(signing_key(kind))
    known = {"alg": "Ed25519", "kid": kind, **(header or {})}
    return jwt.encode(known, {k: v for k, v in content.items() if v is not None}, key, algorithms=["Ed25519"])


def unsigned(algorithm: str) -> str:
    header, payload, _ = signed().split(".")
    header = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "kid": "agent"}).encode()).decode().rstrip("=")
    return f"{header}.{payload}."


def signed_with_the_public_key_as_secret() -> str:
    now = int(utc_now().timestamp())
    key = OctKey.import_key(public_key("agent").replace("-----", "").encode())
    header = {"alg": "HS256", "kid": "agent"}
    return jwt.encode(header, {**CLAIMS, "iat": now, "exp": now + 300}, key, algorithms=["HS256"])


def signed_by_a_stranger() -> str:
    token, _ = Signer(OKPKey.generate_key("Ed25519").as_pem(private=True).decode()).sign(BEN, utc_now())
    return token


def tampered() -> str:
    header, payload, signature = signed().split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    other = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "ada"}).encode()).decode().rstrip("=")
    return f"{header}.{other}.{signature}"


@pytest.mark.parametrize(
    "identity",
    [BEN, Identity("requester", "ana", "Ana"), Identity("requester", "ana", "Ana", "a ticket")],
)
def test_a_token_gives_the_identity_back_for_five_minutes(verifier: Verifier, identity: Identity) -> None:
    now = utc_now()
    token, ends_at = Signer(signing_key(identity.kind)).sign(identity, now)
    assert verifier.identity(token) == identity
    assert verifier.identity(token) == identity  # and again, as it is remembered
    assert ends_at == now + timedelta(minutes=5)


def _in_seconds(seconds: int) -> int:
    return int(utc_now().timestamp()) + seconds


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: unsigned("none"), "signed by us"),
        (lambda: unsigned("None"), "signed by us"),
        (signed_with_the_public_key_as_secret, "signed by us"),
        (signed_by_a_stranger, "signed by us"),
        (tampered, "signed by us"),
        (lambda: signed(kind="requester"), "signed by us"),  # intake's key for an agent: another issuer
        (lambda: signed(kind="requester", header={"kid": "agent"}), "signed by us"),
        (lambda: signed(header={"kid": "requester"}), "signed by us"),
        (lambda: signed(header={"kid": "../../keys"}), "signed by us"),
        (lambda: signed(iss="intake"), "signed by us"),
        (lambda: signed(iss=None), "signed by us"),
        (lambda: signed(aud="another desk"), "for us"),
        (lambda: signed(aud=None), "for us"),
        (lambda: signed(sub=None), "of ours"),
        (lambda: signed(sub={"$ne": None}), "of ours"),
        (lambda: signed(exp=None), "for us"),
        (lambda: signed(iat=None), "for us"),
        (lambda: signed(exp=_in_seconds(3600)), "of ours"),  # longer than we ever sign
        (lambda: "", "signed by us"),
        (lambda: " ", "signed by us"),
        (lambda: "a.b.c", "signed by us"),
        (lambda: "é.é.é", "signed by us"),
        (lambda: "." * 5000, "signed by us"),
    ],
)
def test_no_other_token_is_believed(verifier: Verifier, make: Callable[[], str], why: str) -> None:
    """Made only now: one from when the tests were collected would be over by its turn, whatever else is in it."""
    with pytest.raises(TokenInvalid, match=f"^this token is not {why}$"):
        verifier.identity(make())


def test_a_token_whose_time_is_over_is_not_believed(verifier: Verifier) -> None:
    for moments in ({"iat": True, "exp": True}, {"iat": _in_seconds(-301), "exp": _in_seconds(-1)}):
        with pytest.raises(TokenInvalid, match=r"^this token is over$"):
            verifier.identity(signed(**moments))


def test_a_remembered_token_is_over_at_its_time(verifier: Verifier) -> None:
    token, _ = Signer(signing_key("agent")).sign(BEN, utc_now() - timedelta(minutes=5) + timedelta(seconds=1.5))
    assert verifier.identity(token) == BEN

    def is_over() -> bool:
        try:
            verifier.identity(token)
        except TokenInvalid:
            return True
        return False

    eventually(is_over, within=5)
