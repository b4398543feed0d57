"""A stored letter as the bytes of a mail: ASCII, lines ended by CRLF, headers that nobody can break out of."""

import hashlib
from email import policy
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from services.notify.domain.delivery import Delivery
from services.notify.links import signed
from services.notify.mail_address import mail_address, sender
from services.notify.settings import letterhead
from services.notify.wording import one_line


class _MessageIds(UnstructuredHeader):
    """One Message-ID to a line: the library would encode those that are longer than a line."""

    def fold(self, *, policy: Any) -> str:
        ids = str(self).split()
        return f"{self.name}: {(policy.linesep + ' ').join(ids)}{policy.linesep}"  # type: ignore[attr-defined]


_headers = HeaderRegistry()
for _name in ("message-id", "in-reply-to", "references"):
    _headers.map_to_type(_name, _MessageIds)  # type: ignore[arg-type]  # the registry adds BaseHeader itself
_POLICY = policy.SMTP.clone(header_factory=_headers, cte_type="7bit")


def to_bytes(delivery: Delivery, mail_from: str) -> bytes:
    """The same each time. Raises ValueError when the recipient's address can't be written into a header."""
    letter, recipient = delivery.letter, delivery.recipient
    mail = EmailMessage(_POLICY)
    mail["From"] = sender(mail_from)
    mail["To"] = mail_address(_literal(recipient.name), recipient.address)
    mail["Subject"] = _literal(letter.subject)
    mail["Date"] = format_datetime(delivery.created_at)
    mail["Message-ID"] = letter.message_id
    if letter.in_reply_to:
        mail["In-Reply-To"] = letter.in_reply_to
    if letter.references:
        mail["References"] = " ".join(letter.references)
    if letter.auto_submitted:
        mail["Auto-Submitted"] = letter.auto_submitted
        mail["X-Auto-Response-Suppress"] = "All"
    text, html = signed(letter, letterhead().link_secret, letterhead().public_url)
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    mail.set_boundary(hashlib.sha256(letter.message_id.encode()).hexdigest())  # else one by lot
    return mail.as_bytes()


def _literal(text: str) -> str:
    """The library decodes encoded words (=?utf-8?q?=0D=0A?=) even in values that it is given: there are none."""
    return one_line(text).replace("=?", "= ?")
