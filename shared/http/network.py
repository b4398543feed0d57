"""Where a request comes from, as one customer of a network counts."""

import ipaddress


def network_of(remote_address: str) -> str:
    """An IPv6 customer has a whole /64 to come from."""
    try:
        found = ipaddress.ip_address(remote_address)
    except ValueError:
        return remote_address
    if not isinstance(found, ipaddress.IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))
