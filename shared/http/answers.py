"""Bodies as they leave: JSON by orjson. An answer that has a `version` has it as its ETag too (RFC 9110 §8.8.3)."""

from typing import Any

import orjson
from flask import Response


def answer(body: Any, status: int = 200, **headers: str) -> Response:
    response = Response(encoded(body), status, content_type="application/json")
    if etag := etag_of(body):
        response.headers["ETag"] = etag
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def encoded(body: Any) -> bytes:
    return orjson.dumps(body, option=orjson.OPT_UTC_Z)


def etag_of(body: Any) -> str | None:
    return f'"{body["version"]}"' if isinstance(body, dict) and "version" in body else None
