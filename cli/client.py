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
        """`agent`: the id of the agent on whose behalf everything is done."""
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        self._headers = {"Authorization": f"Bearer {key}", **({"X-On-Behalf-Of": agent} if agent else {})}

    def close(self) -> None:
        self._connection.close()

    def get(self, path: str) -> Any:
        return self._request("GET", path)

    def post(self, path: str, **body: Any) -> Any:
        return self._request("POST", path, json.dumps(body).encode())

    def put(self, path: str, **body: Any) -> Any:
        return self._request("PUT", path, json.dumps(body).encode())

    def patch(self, path: str, **body: Any) -> Any:
        return self._request("PATCH", path, json.dumps(body).encode())

    def post_mail(self, raw: bytes) -> Any:
        return self._request("POST", "/v1/mail", raw, "message/rfc822")

    def _request(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> Any:
        self._connection.request(method, path, body, {**self._headers, "Content-Type": kind})
        response = self._connection.getresponse()
        text = response.read().decode()
        if response.status >= 400:
            raise Refused(response.status, text)
        return json.loads(text) if text else None
