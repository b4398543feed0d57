"""What callers send, strictly: known fields only, right types, or a refusal that names what is wrong."""

from typing import Any

import orjson
from flask import request
from marshmallow import Schema

from shared.http.sizes import refuse_oversized
from shared.refusals import Invalid, Reason, Refusal


class BodyUnreadable(Refusal):
    status = 400
    title = "The body can't be read"


class WrongContentType(Refusal):
    status = 415
    title = "The body is of another type"


def must_come_as(content_type: str) -> None:
    if request.mimetype != content_type:
        reason = Reason("Content-Type", f"must be {content_type}", "Send the body and its header so.")
        raise WrongContentType(f"Send the body as {content_type}.", (reason,))


def json_body(schema: Schema) -> Any:
    must_come_as("application/json")
    try:
        value = orjson.loads(request.get_data())
    except orjson.JSONDecodeError as error:
        reason = Reason("", "must be valid JSON in UTF-8", f"Mend it: {error}.")
        raise BodyUnreadable("The body is not valid JSON in UTF-8.", (reason,)) from error
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
