"""One service's API in process, on a database of its own that has been set up and has heard of Ana's ticket."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from pymongo.database import Database

from shared.store.documents import Document
from tests.security import callers
from tests.support.access import Headers


@dataclass(frozen=True)
class Desk:
    """`makers`: for each name in a path, what makes an object and returns its id. `ticket_id`: the ticket that is meant
    where no path names one.
    """

    app: Flask
    database: Database[Document]
    makers: Mapping[str, Callable[[], str]]
    ticket_id: str = ""
    _keys: Mapping[str, Headers] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_keys", callers.keys(self.database))

    def sends(self, caller: str, values: Mapping[str, Any]) -> Headers:
        """What this caller sends with a request whose path has these values."""
        return self._keys.get(caller) or callers.token_of(caller, values.get("ticket_id", self.ticket_id))
