"""What can be a password."""

import unicodedata

from shared.refusals import Invalid, Reason

SHORTEST, LONGEST = 12, 1024  # bytes in UTF-8, and characters as they are sent


def normalized(password: str) -> str:
    """As it is hashed: the same characters typed on another keyboard are the same password (NFKC).

    Of no more than LONGEST characters: it takes n² steps for n marks on one letter.
    """
    return unicodedata.normalize("NFKC", password)


def must_be_a_password(field: str, password: str, name: str, address: str) -> None:
    """For the agent of this name and mail address; `field` is what the request calls it."""
    rule = _broken_rule(password, {_bare(name), _bare(address), _bare(address.partition("@")[0])})
    if rule is not None:
        reason = Reason(field, rule, "Choose another one: a sentence of a few words is good.")
        raise Invalid("This can't be your password.", (reason,))


def _broken_rule(sent: str, known: set[str]) -> str | None:
    password = normalized(sent) if len(sent) <= LONGEST else sent
    if not SHORTEST <= len(password.encode()) <= LONGEST:
        return f"must have {SHORTEST} to {LONGEST} bytes"
    if any(unicodedata.category(character) == "Cc" for character in password):
        return "must have no control characters"
    if len(set(password)) < 3:
        return "must have three different characters at least"
    if _bare(password) in known:
        return "must not be your name or mail address"
    return None


def _bare(text: str) -> str:
    return "".join(text.casefold().split())
