"""Links in mails: written with a mark for the signature, signed when the mail's bytes are made and at no other time.

Strangers write names, subjects and texts of a letter, and anything that they can foresee could be in them. So the mark
is made with our secret for this one letter, and is found nowhere but where the template put it.
"""

import hashlib
import hmac
import re

from services.notify.domain.delivery import Letter
from shared.access.signed_link import Link, sign

_DOORS = {"ticket": "/v1/access/", "requester": "/v1/access/", "invitation": "/v1/invitations/"}


def mark(delivery_id: str, secret: str) -> str:
    """What stands for the signature in this delivery's letter, and in no other."""
    return f"[signed-{hmac.new(secret.encode(), b'mark:' + delivery_id.encode(), hashlib.sha256).hexdigest()[:32]}]"


def unsigned(link: Link, link_mark: str, public_url: str) -> str:
    return public_url + _DOORS[link.purpose] + link_mark


def signed(letter: Letter, secret: str, public_url: str) -> tuple[str, str]:
    """(text, HTML) as the reader gets them."""
    if letter.link is None:
        return letter.text, letter.html
    signature = sign(letter.link, secret)
    if letter.link_mark is None:
        return _signed_in_its_place(letter, unsigned(letter.link, "", public_url), signature)
    return letter.text.replace(letter.link_mark, signature), letter.html.replace(letter.link_mark, signature)


def _signed_in_its_place(letter: Letter, door: str, signature: str) -> tuple[str, str]:
    """A letter that is older than marks: the link is the one that has a line, or an href, to itself."""
    unsigned_there = re.escape(f"{door}[signed]")
    text = re.sub(f"(?m)^{unsigned_there}$", door + signature, letter.text)
    return text, re.sub(f'(?<=<a href="){unsigned_there}(?=")', door + signature, letter.html)
