"""Plans and schedules over HTTP have this in common: what is current, every version there was, each with its reason."""

from typing import Any

from flask import Response
from pymongo import ASCENDING
from pymongo.database import Database

from shared.http.answers import answer
from shared.http.pages import all_of
from shared.refusals import NotFound
from shared.store.documents import Changes, Document


def current(database: Database[Document], collection: str) -> Response:
    return all_of(_view(row) for row in database[collection].find().sort("_id", ASCENDING))


def one(database: Database[Document], collection: str, name: str) -> Response:
    row = database[collection].find_one({"_id": name})
    if row is None:
        raise NotFound(f"There is no {name} among the {collection}.")
    return answer(_view(row))


def versions(database: Database[Document], collection: str, name: str) -> Response:
    rows = list(database[collection].find({"definition.id": name}).sort("version", ASCENDING))
    if not rows:
        raise NotFound(f"There is no {name}.")
    return all_of(map(_view, rows))


def described(body: dict[str, Any]) -> tuple[Document, str]:
    """The body without its reason, and the reason."""
    return {key: value for key, value in body.items() if key != "reason"}, body["reason"]


def shown(changes: Changes) -> Changes:
    return Changes(changes.documents, changes.rows, changes.events, _view(changes.answer))


def _view(row: Document) -> Document:
    return {**row["definition"], **{name: row[name] for name in ("reason", "changed_at", "changed_by")}}
