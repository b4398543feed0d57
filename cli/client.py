"""A small client of the four APIs: JSON in, JSON out, on one kept connection."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit


class Refused(RuntimeError):
    """The API said no; the text is its problem document."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(f"{status}: {problem}")
        self.status = status


class Client:
    def __init__(self, url: str, key: str, agent: str | None = None) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        if agent:
            self._headers["X-On-Behalf-Of"] = agent

    def get(self, path: str) -> Any:
        return self._request("GET", path, None)

    def post(self, path: str, **body: Any) -> Any:
        return self._request("POST", path, body)

    def put(self, path: str, **body: Any) -> Any:
        return self._request("PUT", path, body)

    def patch(self, path: str, **body: Any) -> Any:
        return self._request("PATCH", path, body)

    def _request(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        self._connection.request(method, path, None if body is None else json.dumps(body), self._headers)
        response = self._connection.getresponse()
        text = response.read().decode()
        if response.status >= 400:
            raise Refused(response.status, text)
        return json.loads(text) if text else None
