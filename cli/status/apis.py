"""Do the four APIs answer, and do they call themselves ready?"""

import http.client
import json
import urllib.error
import urllib.request
from typing import Any

from cli.desk import SERVICES
from cli.doors import url_of

_SECONDS = 3


def look() -> list[dict[str, Any]]:
    """For each service {service, url, state, detail}; `state` is up, degraded, not ready or down."""
    return [_look_at(service, url_of(service)) for service in SERVICES]


def _look_at(service: str, url: str) -> dict[str, Any]:
    found = {"service": service, "url": url}
    status, alive = _get(f"{url}/healthz")
    if status != 200:
        return {**found, "state": "down", "detail": alive.get("detail") or f"/healthz answered {status}"}
    who = str(alive.get("process", "no API of ours")).partition("-")[0]  # intake-api
    if who != service:
        detail = f"{who} answers there: set RELAYDESK_{service.upper()}_URL"
        return {**found, "state": "down", "detail": detail}
    status, ready = _get(f"{url}/readyz")
    lacks = [str(lack) for name in ("missing", "degraded") for lack in ready.get(name) or ()]
    if status == 503:
        return {**found, "state": "not ready", "detail": "; ".join(lacks)}
    return {**found, "state": "degraded" if lacks else "up", "detail": "; ".join(lacks)}


def _get(url: str) -> tuple[int, dict[str, Any]]:
    """(status, the JSON object in the answer); 0 when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as response:  # noqa: S310  # the operator's own address
            return response.status, _object(response.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, _object(refused.read())
    except (OSError, ValueError, http.client.HTTPException) as error:
        return 0, {"detail": f"no answer: {getattr(error, 'reason', error)}"}


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
