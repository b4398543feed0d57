"""What callers send, strictly: known fields only, right types, or a refusal that names what is wrong."""

from typing import Any

import orjson
from flask import request
from marshmallow import Schema
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from shared.http.sizes import refuse_oversized
from shared.refusals import Invalid, Reason


def json_body(schema: Schema) -> Any:
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send the body as application/json.")
    try:
        value = orjson.loads(request.get_data())
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"The body is not valid JSON in UTF-8: {error}") from error
    if not isinstance(value, dict):
        raise Invalid("Send one JSON object.", (Reason("", "must be a JSON object", "Wrap it in { }."),))
    refuse_oversized(schema, value)
    return schema.load(value)


def query(schema: Schema) -> Any:
    """Each name once."""
    for name, values in request.args.lists():
        if len(values) > 1:
            raise Invalid(f"Send {name} once.", (Reason(name, "must be given once", "Leave the others out."),))
    return schema.load(request.args.to_dict())
