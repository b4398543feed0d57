"""How often one may try to sign in: few tries for who guesses, and no stranger locks out who belongs here.

A try counts before the password is looked at, in each counter until one of them is full. A network from which this
address has signed in lately is bound by its own few tries alone, whatever others try elsewhere or beside it.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

WINDOW = timedelta(minutes=15)
REMEMBERED = timedelta(days=30)  # how long a network is known after a sign-in
RESETS_WINDOW = timedelta(minutes=10)


@dataclass(frozen=True)
class Counter:
    """`name` holds no address in clear: people type their passwords into the wrong field."""

    name: str
    limit: int
    window: timedelta = WINDOW


def counters(address: str, network: str, *, is_known: bool) -> tuple[Counter, ...]:
    """In the order in which they are asked. The first is that of this address from this network."""
    pair = Counter(_name("pair", address, network), 5)
    if is_known:
        return (pair,)
    return pair, Counter(_name("address", address), 100), Counter(_name("network", network), 50)


def reset_counter(address: str) -> Counter:
    return Counter(_name("reset", address), 1, RESETS_WINDOW)


def known_network(address: str, network: str) -> str:
    return _name("known", address, network)


def _name(kind: str, *parts: str) -> str:
    return f"{kind}:{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()}"
