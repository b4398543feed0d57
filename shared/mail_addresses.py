"""The mail addresses that people may have, by any door: in plain ASCII, so that a mail can be written to each."""

import re

ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){0,10}[A-Za-z0-9-]{1,63}"
LONGEST = 254
RULE = (
    f"Must be a mail address in plain ASCII of at most {LONGEST} characters; "
    "other letters in a domain are written in punycode, as in xn--exmple-cua.de."
)
_ADDRESS = re.compile(ADDRESS)


def is_mail_address(text: str) -> bool:
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None
