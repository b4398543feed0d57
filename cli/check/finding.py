"""What a rule says is wrong, and what a rule is."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cli.desk import Desk


@dataclass(frozen=True)
class Finding:
    """`about`: what a rule can be asked to look at again, mostly a ticket's id."""

    about: str
    what: str
    remedy: str


Track = Callable[[Iterable[Any], int], Iterable[Any]]
"""Passes items through and shows how many of the given total have passed."""

Look = Callable[[Desk, Collection[str] | None, Track], Iterator[Finding]]
"""With None a rule looks at everything, else at what it is asked about."""


def among(only: Collection[str] | None, field: str = "_id") -> dict[str, Any]:
    """The query for what a rule shall look at."""
    return {} if only is None else {field: {"$in": list(only)}}
