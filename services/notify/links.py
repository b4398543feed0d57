"""Links in mails: written with the signature left out, signed when the mail's bytes are made and at no other time."""

from services.notify.domain.delivery import Letter
from shared.access.signed_link import Link, sign

_DOORS = {"ticket": "/v1/access/", "requester": "/v1/access/", "invitation": "/v1/invitations/"}
_UNSIGNED = "[signed]"


def unsigned(link: Link, public_url: str) -> str:
    return public_url + _DOORS[link.purpose] + _UNSIGNED


def signed(letter: Letter, secret: str) -> tuple[str, str]:
    """(text, HTML) as the reader gets them."""
    if letter.link is None:
        return letter.text, letter.html
    door = _DOORS[letter.link.purpose]
    before, after = door + _UNSIGNED, door + sign(letter.link, secret)
    return letter.text.replace(before, after), letter.html.replace(before, after)
