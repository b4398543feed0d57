"""The broker's accounts as data: who may do what. Only `relaydesk setup` makes them.

RabbitMQ knows three rights, each a pattern of names. `configure`: declare and delete a queue or exchange. `write`:
publish to an exchange, bind a queue. `read`: consume a queue, bind to an exchange. Declaring passively needs none of
them. On a topic exchange the routing keys, wildcards included, are held against further patterns; RabbitMQ 3.10 doesn't
look at those in the headers CC and BCC, 4.0 does.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from shared.messaging.sign_of_life import sign_of
from shared.messaging.topology import EVENTS, SUBMISSIONS, Queue

NOTHING = "^$"
DEFAULT_EXCHANGE = "amq.default"  # what RabbitMQ calls the exchange without a name when it looks at rights
LISTENERS_QUEUES = r"^listener\."


@dataclass(frozen=True)
class Account:
    """`publishes` and `binds`: for a topic exchange the pattern of routing keys; for one that isn't named, none."""

    name: str
    configure: str = NOTHING
    write: str = NOTHING
    read: str = NOTHING
    publishes: Mapping[str, str] = field(default_factory=dict)
    binds: Mapping[str, str] = field(default_factory=dict)


def service_account(service: str, queues: Sequence[Queue], announces: Iterable[str]) -> Account:
    """Reads the service's own queues, publishes the events that it announces, and signs of life.

    Who takes submissions also answers them, through the default exchange. There RabbitMQ can't tell one queue from
    another: that only queues for answers are named is up to `services/intake/submissions/envelope.py`.
    """
    takes_submissions = any(queue.exchange == SUBMISSIONS for queue in queues)
    return Account(
        f"relaydesk-{service}",
        write=_one_of(EVENTS, DEFAULT_EXCHANGE) if takes_submissions else _one_of(EVENTS),
        read=_one_of(*(queue.name for queue in queues)),
        publishes={EVENTS: _one_of(*announces, sign_of(service))},
    )


def submitter(queues: Iterable[Queue]) -> Account:
    """Publishes the submissions that somebody takes, and nothing else; direct reply-to, for answers, needs no right."""
    types = (name for queue in queues if queue.exchange == SUBMISSIONS for name in queue.types)
    return Account("submitter", write=_one_of(SUBMISSIONS), publishes={SUBMISSIONS: _one_of(*types)})


def listener(public: Iterable[str]) -> Account:
    """Makes queues called `listener.…`, binds them to public events one type at a time, and publishes nothing."""
    return Account(
        "listener",
        configure=LISTENERS_QUEUES,
        write=LISTENERS_QUEUES,
        read=f"{LISTENERS_QUEUES}|{_one_of(EVENTS)}",
        binds={EVENTS: _one_of(*public)},
    )


def _one_of(*names: str) -> str:
    return f"^({'|'.join(map(re.escape, names))})$"
