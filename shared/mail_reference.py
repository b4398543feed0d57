"""Our own Message-IDs, by which a reply finds its ticket: signed, so that nobody can write into a guessed one."""

import hashlib
import hmac
import re

_REFERENCE = re.compile(r"<rd\.([0-9a-f-]{36})\.([0-9a-f]{16})\.([0-9a-f]{32})@[^<>\s]{1,255}>")


def message_id(ticket_id: str, delivery_id: str, secret: str, domain: str) -> str:
    """`<rd.TICKET.DELIVERY.SIGNATURE@domain>`: the same for the same delivery, every time."""
    delivery = hashlib.sha256(delivery_id.encode()).hexdigest()[:16]
    return f"<rd.{ticket_id}.{delivery}.{_sign(ticket_id, delivery, secret)}@{domain}>"


def ticket_of(header: str, secret: str) -> str | None:
    """The ticket named by the last genuine reference in a References or In-Reply-To header."""
    for ticket_id, delivery, signature in reversed(_REFERENCE.findall(header)):
        if hmac.compare_digest(signature, _sign(ticket_id, delivery, secret)):
            return str(ticket_id)
    return None


def _sign(ticket_id: str, delivery: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"{ticket_id}.{delivery}".encode(), hashlib.sha256).hexdigest()[:32]
