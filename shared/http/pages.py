"""Lists, the same way in every API: a page at a time, never counted, with the way to the next one (RFC 8288).

A page has at most as many rows as were asked for and at most a mebibyte, so that long texts fill no process's memory.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, request
from marshmallow import Schema, fields, validate
from pymongo import ASCENDING, DESCENDING

from shared.http.answers import answer, encoded
from shared.refusals import Invalid, Reason
from shared.store.documents import Document

MOST_BYTES = 1024 * 1024  # of a page's rows; a single one may have more
_LONG_ROWS_AT_ONCE = 13  # half of what a page of 25 asks for; more in memory would be too much for 32 threads
_LIMIT = "At most so many rows. A page ends before it has more than 1 MiB; `next` and `Link` then lead on all the same."

LINK = {"Link": {"description": 'The next page, rel="next".', "schema": {"type": "string"}}}


class _Whole(fields.Integer):
    """In the digits 0 to 9 alone: Python reads 1_0 and ٣ as numbers, too."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> int:
        if not re.fullmatch("-?[0-9]{1,18}", str(value)):
            raise self.make_error("invalid")
        return int(super()._deserialize(value, attr, data, **options))


class PageSchema(Schema):
    """What every list may be asked."""

    limit = _Whole(load_default=25, validate=validate.Range(1, 100), metadata={"description": _LIMIT})
    cursor = fields.String(load_default=None, validate=validate.Length(1, 200))


@cache
def page_of(row: type[Schema]) -> type[Schema]:
    """The schema of a page of such rows."""
    described: dict[str, Any] = {
        "data": fields.List(fields.Nested(row), required=True),
        "next": fields.String(required=True, allow_none=True, metadata={"description": "The next page's cursor."}),
    }
    return Schema.from_dict(described, name=row.__name__.removesuffix("Schema") + "PageSchema")


def page(
    collection: Any,
    wanted: Mapping[str, Any],
    asked: Mapping[str, Any],
    show: Callable[[Document], Any],
    *,
    fields: Mapping[str, int] | None = None,
    newest_first: bool = True,
    within: Sequence[Mapping[str, Any]] | None = None,
    long_rows: bool = False,
) -> Response:
    """`asked`: `limit` and `cursor`, which is the last id of the page before, opaque to the caller.

    `within`: queries of which one must hold as well. Each is planned with the rest, and so served by its own index.
    `long_rows`: with people's whole texts, so that few may fill a page. The store hands over a handful at a time.
    """
    query = dict(wanted)
    if asked["cursor"] is not None:
        query["_id"] = {"$lt" if newest_first else "$gt": _id_of(asked["cursor"])}
    if within is not None:
        query = {"$or": [{"$and": [query, branch]} for branch in within]}
    order = DESCENDING if newest_first else ASCENDING
    ordered = collection.find(query, fields).sort("_id", order).limit(asked["limit"] + 1)
    with ordered.batch_size(_LONG_ROWS_AT_ONCE if long_rows else 0) as found:
        rows, following = _filled(found, asked["limit"], show)
    body = {"data": rows, "next": following}
    if following is None:
        return answer(body)
    target = urlencode({**request.args.to_dict(), "cursor": following})
    return answer(body, Link=f'<{request.path}?{target}>; rel="next"')


def _filled(
    found: Iterable[Document], most: int, show: Callable[[Document], Any]
) -> tuple[list[orjson.Fragment], str | None]:
    """The rows of a page as they leave, and the cursor of the next one, if something is left for it."""
    rows: list[orjson.Fragment] = []
    size, last_id = 0, ""
    for row in found:
        shown = encoded(show(row))
        size += len(shown)
        if rows and (len(rows) == most or size > MOST_BYTES):
            return rows, _cursor(last_id)
        rows.append(orjson.Fragment(shown))
        last_id = row["_id"]
    return rows, None


def all_of(rows: Iterable[Any]) -> Response:
    """A list that is short by its nature, as one page."""
    return answer({"data": list(rows), "next": None})


def _cursor(last_id: str) -> str:
    return base64.urlsafe_b64encode(last_id.encode()).decode().rstrip("=")


def _id_of(cursor: str) -> str:
    try:
        found = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error) as error:
        reason = Reason("cursor", "must be the `next` of an earlier page", "Leave it out for the first page.")
        raise Invalid("This cursor is not one of ours.", (reason,)) from error
    return found
