"""Our own Message-IDs, by which a reply finds its ticket: signed, so that nobody can write into a guessed one.

Short enough for a line of 78 characters: mail programs that fold longer ones don't all do it right.
"""

import base64
import hashlib
import hmac
import re
from binascii import Error
from uuid import UUID

_REFERENCE = re.compile(r"<rd\.([\w-]{22})\.([\w-]{8})\.([\w-]{16})@[^<>\s]{1,255}>", re.ASCII)


def message_id(ticket_id: str, delivery_id: str, secret: str, domain: str) -> str:
    """`<rd.TICKET.DELIVERY.SIGNATURE@domain>`: the same for the same delivery, every time."""
    ticket = _short(UUID(ticket_id).bytes)
    delivery = _short(hashlib.sha256(delivery_id.encode()).digest()[:6])
    return f"<rd.{ticket}.{delivery}.{_sign(ticket, delivery, secret)}@{domain}>"


def ticket_of(header: str, secret: str) -> str | None:
    """The ticket named by the last genuine reference in a References or In-Reply-To header."""
    for ticket, delivery, signature in reversed(_REFERENCE.findall(header)):
        if hmac.compare_digest(signature, _sign(ticket, delivery, secret)):
            try:
                return str(UUID(bytes=base64.urlsafe_b64decode(f"{ticket}==")))
            except (ValueError, Error):
                continue
    return None


def _sign(ticket: str, delivery: str, secret: str) -> str:
    return _short(hmac.new(secret.encode(), f"{ticket}.{delivery}".encode(), hashlib.sha256).digest()[:12])


def _short(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
