"""The application behind the door in these tests: writes down each request that it took, then answers."""

import os
from collections.abc import Callable, Iterable
from typing import Any

_taken = os.open(os.environ["TAKEN"], os.O_WRONLY | os.O_APPEND)


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    os.write(_taken, environ["PATH_INFO"].encode() + b"\n")
    body = environ["wsgi.input"].read() or environ["PATH_INFO"].encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
