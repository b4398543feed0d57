"""Links that let somebody in without signing in: signed, for one purpose and one subject, and over at their time.

Nothing of a link is stored or sent in an event: who renders the mail signs it, who opens the door checks it. A link is
taken back by a moment kept with its subject, before which links of that subject no longer count.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

_MOST_CHARACTERS = 1000


class LinkInvalid(ValueError):
    """Not signed by us for this purpose, or over."""


@dataclass(frozen=True)
class Link:
    """`subject` is what it opens, `holder` the person to whom it was sent."""

    purpose: str
    subject: str
    holder: str
    issued_at: datetime
    expires_at: datetime


def sign(link: Link, secret: str) -> str:
    """Characters of base64url and one dot."""
    facts = [link.purpose, link.subject, link.holder, int(link.issued_at.timestamp()), int(link.expires_at.timestamp())]
    body = _text(orjson.dumps(facts))
    return f"{body}.{_signature(body, secret)}"


def read(text: str, purpose: str, secret: str, now: datetime) -> Link:
    body, _, signature = text.partition(".")
    if len(text) > _MOST_CHARACTERS or not text.isascii():
        raise LinkInvalid("this link is not one of ours")
    if not hmac.compare_digest(signature, _signature(body, secret)):
        raise LinkInvalid("this link is not one of ours")
    try:
        found, subject, holder, issued_at, expires_at = orjson.loads(base64.urlsafe_b64decode(body + "=="))
    except (ValueError, binascii.Error) as error:
        raise LinkInvalid("this link is not one of ours") from error
    link = Link(found, subject, holder, datetime.fromtimestamp(issued_at, UTC), datetime.fromtimestamp(expires_at, UTC))
    if link.purpose != purpose:
        raise LinkInvalid("this link opens something else")
    if now >= link.expires_at:
        raise LinkInvalid("this link is over")
    return link


def _signature(body: str, secret: str) -> str:
    return _text(hmac.new(secret.encode(), b"link:" + body.encode(), hashlib.sha256).digest())


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
