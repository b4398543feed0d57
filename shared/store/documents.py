"""What a handler sees of its service's documents, and what it says should become of them.

A handler takes a message, the documents and `now`, and returns `Changes`. It never writes: what `get` returns is
read-only, and the changes are applied only after the handler returned, so half a change never leaks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from pymongo.database import Database

from shared.store.asking import Question, ask

Document = dict[str, Any]


class Key(NamedTuple):
    """Names one document: by id, or by another field that a unique index makes a name."""

    collection: str
    value: str
    field: str = "_id"


@dataclass(frozen=True)
class Cause:
    """Why something happened: the start of the chain, and the message or request right before."""

    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None


@dataclass(frozen=True)
class Announcement:
    """An event to be: `sequence` counts the announcements of the aggregate `subject`, 1..n without a gap."""

    data: object
    subject: str
    sequence: int
    time: datetime
    cause: Cause | None = None  # when it isn't the message being handled
    reply_to: str | None = None  # a queue that gets a copy


@dataclass(frozen=True)
class Changes:
    """`documents`: whole ones, new or changed, `rows`: new ones that never change; both as (collection, document)."""

    documents: list[tuple[str, Document]] = field(default_factory=list)
    rows: list[tuple[str, Document]] = field(default_factory=list)
    events: list[Announcement] = field(default_factory=list)
    answer: Any = None

    def __add__(self, other: Changes) -> Changes:
        return Changes(
            self.documents + other.documents,
            self.rows + other.rows,
            self.events + other.events,
            self.answer if other.answer is None else other.answer,
        )


class Documents:
    """The identity map of one batch: a document is loaded once, and a later message sees what an earlier one made."""

    def __init__(self, database: Database[Document]) -> None:
        self._database = database
        self._documents: dict[tuple[str, str], Document | None] = {}
        self._names: dict[Key, str | None] = {}
        self._natural: dict[str, set[str]] = defaultdict(set)
        self._revisions: dict[tuple[str, str], int] = {}
        self._touched: dict[tuple[str, str], list[int]] = {}
        self._unknown: dict[str, list[str]] = defaultdict(list)

    def load(self, keys: Iterable[Key], besides: Sequence[Question] = ()) -> list[list[Document]]:
        """Fetches what is not known yet, in one command with the questions `besides`; returns what these found."""
        wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
        for key in keys:
            if not self._is_known(key):
                wanted[key.collection, key.field].add(key.value)
        questions = [
            Question(collection, {name: {"$in": list(wanted[collection, name])}}) for collection, name in wanted
        ]
        answers = ask(self._database, [*questions, *besides])
        for ((collection, name), values), answer in zip(wanted.items(), answers, strict=False):
            found = {document[name]: document for document in answer}
            for value in values:
                self._remember(Key(collection, value, name), found.get(value))
        return answers[len(questions) :]

    def get(self, collection: str, value: str, field: str = "_id") -> Document | None:
        """The document as the batch has it so far, None if there is none. Read-only."""
        key = Key(collection, value, field)
        if not self._is_known(key):
            self.load([key])
        name = value if field == "_id" else self._names[key]
        return None if name is None else self._documents[collection, name]

    def see(self, collection: str, documents: Sequence[Document]) -> list[Document]:
        """Adds what a handler found by a query of its own; returns the batch's version of each."""
        for document in documents:
            key = Key(collection, document["_id"])
            if not self._is_known(key):
                self._remember(key, document)
        return [d for document in documents if (d := self._documents[collection, document["_id"]])]

    def changed(self, collection: str) -> list[Document]:
        """The documents of a collection that this batch has made or changed so far."""
        return [d for (c, name) in self._touched if c == collection and (d := self._documents[c, name])]

    def apply(self, changes: Changes, by: list[int]) -> None:
        """Takes over a handler's documents; `by` are the places of its messages in the batch."""
        for collection, document in changes.documents:
            place = (collection, document["_id"])
            if place not in self._documents:
                self._unknown[collection].append(document["_id"])
            self._documents[place] = document
            self._touched.setdefault(place, []).extend(by)
            for name in self._natural[collection]:
                if document.get(name) is not None:
                    self._names[Key(collection, document[name], name)] = document["_id"]

    def look_up_unknown(self) -> None:
        """What a handler wrote without asking for it is taken as new; this finds out whether it is."""
        for collection, names in self._unknown.items():
            for row in self._database[collection].find({"_id": {"$in": names}}, {"revision": 1}):
                self._revisions[collection, row["_id"]] = row["revision"]

    def writes(self) -> Iterator[tuple[str, Document, int, list[int]]]:
        """(collection, document, the revision it was loaded with or 0, who touched it), for all that changed."""
        for place, touched_by in self._touched.items():
            if document := self._documents[place]:
                yield place[0], document, self._revisions.get(place, 0), touched_by

    def _is_known(self, key: Key) -> bool:
        return (key.collection, key.value) in self._documents if key.field == "_id" else key in self._names

    def _remember(self, key: Key, document: Document | None) -> None:
        if key.field != "_id":
            self._natural[key.collection].add(key.field)
            self._names[key] = None if document is None else document["_id"]
            if document is None:
                return
        place = (key.collection, key.value if document is None else document["_id"])
        if place not in self._documents:
            self._documents[place] = document
            if document is not None:
                self._revisions[place] = document["revision"]
