"""A row of a service's table of contents: which event, which documents it needs, who handles it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.events.envelope import Event
from shared.store.documents import Changes, Documents, Key

Handler = Callable[[Event[Any], Documents, datetime], Changes]


@dataclass(frozen=True)
class Subscription:
    """`keys(event)` names the documents that `handle` will ask for, so that a batch loads them together."""

    type: str
    keys: Callable[[Event[Any]], Sequence[Key]]
    handle: Handler
