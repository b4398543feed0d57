"""Mail addresses that go into headers and envelopes: in ASCII and of the form name@example.org, nothing else."""

import re
from email.headerregistry import Address
from email.utils import getaddresses

DOMAIN = r"[A-Za-z0-9.-]{1,253}"
_ADDRESS = re.compile(rf"([A-Za-z0-9!#$%&'*+/=?^_`{{|}}~.-]{{1,64}})@({DOMAIN})")


def mail_address(name: str, address: str) -> Address:
    """Raises ValueError when the address is of another form."""
    parts = _ADDRESS.fullmatch(address)
    if parts is None:
        raise ValueError("the address is not of the form name@example.org")
    return Address(name, parts[1], parts[2])


def sender(mail_from: str) -> Address:
    """As in the header, "Help desk <help@desk.example>". Raises ValueError unless it is exactly one address."""
    found = getaddresses([mail_from])
    if len(found) != 1:
        raise ValueError("there is not exactly one address")
    return mail_address(*found[0])
