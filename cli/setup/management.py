"""RabbitMQ's management API, as far as setup and status need it."""

import base64
import http.client
import json
import time
from typing import Any
from urllib.parse import quote

from cli.client import Unreachable, parsed
from cli.failures import UNAVAILABLE, Failure, found_wrong

_PATIENCE = 30.0  # it begins to listen a moment after the broker


class Management:
    """Raises cli.failures.Failure when it is not there or refuses."""

    def __init__(self, url: str, user: str, password: str, patience: float = _PATIENCE) -> None:
        try:
            parts = parsed(url)
        except Unreachable as error:
            raise found_wrong("RELAYDESK_MANAGEMENT_URL must look like http://127.0.0.1:15672.") from error
        connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = connect(parts.netloc, timeout=10)
        self._prefix = f"{parts.path.rstrip('/')}/api"
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}
        self._patience = patience
        self._where = f"{parts.scheme}://{parts.netloc}"

    def get(self, *path: str) -> Any:
        return self._request("GET", path)

    def put(self, *path: str, **body: Any) -> None:
        self._request("PUT", path, body)

    def delete(self, *path: str) -> None:
        self._request("DELETE", path)

    def close(self) -> None:
        self._connection.close()

    def _request(self, method: str, path: tuple[str, ...], body: Any = None) -> Any:
        target = "/".join((self._prefix, *(quote(part, safe="") for part in path)))
        deadline = time.monotonic() + self._patience
        while True:
            try:
                self._connection.request(method, target, None if body is None else json.dumps(body), self._headers)
                response = self._connection.getresponse()
                answer = response.read()
                break
            except (OSError, http.client.HTTPException) as error:
                self._connection.close()
                if time.monotonic() > deadline:
                    raise Failure(
                        f"RabbitMQ's management at {self._where} is not there: {error}.", UNAVAILABLE
                    ) from error
                time.sleep(0.2)
        if response.status >= 400:
            raise found_wrong(
                f"RabbitMQ's management at {self._where} answered {response.status} to {method} /{'/'.join(path)}. "
                "Its account must have the tag administrator."
            )
        try:
            return json.loads(answer) if answer else None
        except ValueError as error:
            raise found_wrong(f"{self._where} is not RabbitMQ's management: see RELAYDESK_MANAGEMENT_URL.") from error
