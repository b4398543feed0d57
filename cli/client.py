"""A small client of the four APIs: JSON in, JSON out, on one kept connection."""

import http.client
import json
from typing import Any
from urllib.parse import SplitResult, urlsplit


class Refused(RuntimeError):
    """The API said no; `problem` is its problem document, as it came."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(f"{status}: {problem}")
        self.status = status
        self.problem = problem


class Unreachable(RuntimeError):
    """Nobody answers at this address, or nothing that is an API of ours."""


def parsed(url: str) -> SplitResult:
    """With a host, and a port or none. Raises Unreachable for what can be no address of an API."""
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            parts.hostname.encode("idna")
            return parts
    except ValueError:
        pass
    raise Unreachable(f"{url!r} is no address of an API: it must look like http://127.0.0.1:8001")


class Client:
    def __init__(self, url: str, key: str, agent: str | None = None) -> None:
        """`agent`: the id of the agent on whose behalf everything is done."""
        parts = parsed(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._url, self._path = url, parts.path.rstrip("/")
        self._connection = kind(parts.hostname or "", parts.port, timeout=30)
        self._headers = {"Authorization": f"Bearer {key}", **({"X-On-Behalf-Of": agent} if agent else {})}

    def close(self) -> None:
        self._connection.close()

    def get(self, path: str) -> Any:
        return self._request("GET", path)

    def post(self, path: str, **body: Any) -> Any:
        return self._request("POST", path, json.dumps(body).encode())

    def post_once(self, key: str, path: str, **body: Any) -> Any:
        """Has its effect once, however often it is sent with this key."""
        return self._request("POST", path, json.dumps(body).encode(), Idempotency_Key=key)

    def put(self, path: str, **body: Any) -> Any:
        """Overwrites whatever is there."""
        return self._request("PUT", path, json.dumps(body).encode(), If_Match="*")

    def patch(self, path: str, **body: Any) -> Any:
        """Changes it, at whatever version it is."""
        return self._request("PATCH", path, json.dumps(body).encode(), If_Match="*")

    def post_mail(self, raw: bytes) -> Any:
        return self._request("POST", "/v1/mail", raw, "message/rfc822")

    def _request(
        self, method: str, path: str, body: bytes | None = None, kind: str = "application/json", **more: str
    ) -> Any:
        headers = {**self._headers, "Content-Type": kind, **{name.replace("_", "-"): more[name] for name in more}}
        try:
            self._connection.request(method, self._path + path, body, headers)
            response = self._connection.getresponse()
            text = response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise Unreachable(f"{self._url} does not answer: {error or type(error).__name__}") from error
        if response.status >= 400:
            raise Refused(response.status, text)
        if response.status >= 300:
            leads = response.headers.get("Location", "nowhere")
            raise Unreachable(f"{self._url} answers {response.status} and leads to {leads}: name the API itself")
        try:
            return json.loads(text) if text else None
        except ValueError as error:
            raise Unreachable(f"{self._url} is no API: its answer is no JSON") from error
