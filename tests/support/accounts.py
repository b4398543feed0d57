"""Accounts of the broker for strangers, made through RabbitMQ's management API and gone at the end."""

import http.client
import json
import secrets
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from services.intake.submissions.commands import SCHEMAS
from shared.events.catalogue import PUBLIC
from shared.messaging.topology import EVENTS, SUBMISSIONS

_NOTHING = "^$"
_MANAGEMENT_PORT = 15672


@dataclass(frozen=True)
class Accounts:
    """Two addresses of the same broker."""

    submitter: str
    listener: str


@contextmanager
def strangers(amqp_url: str) -> Iterator[Accounts]:
    """`amqp_url` is an administrator's. Raises OSError where the management API does not answer."""
    run = secrets.token_hex(4)
    broker = _Broker(amqp_url)
    submitter, listener = f"submitter-{run}", f"listener-{run}"
    try:
        yield Accounts(
            broker.account(submitter, _NOTHING, _one_of(SUBMISSIONS), _NOTHING, SUBMISSIONS, write=tuple(SCHEMAS)),
            broker.account(
                listener, r"^listener\.", r"^listener\.", rf"^listener\.|{_one_of(EVENTS)}", EVENTS, read=PUBLIC
            ),
        )
    finally:
        broker.ask("DELETE", f"/api/users/{submitter}")
        broker.ask("DELETE", f"/api/users/{listener}")


class _Broker:
    def __init__(self, amqp_url: str) -> None:
        self._url = urlsplit(amqp_url)
        self._vhost = self._url.path.removeprefix("/") or "%2F"
        credentials = b64encode(f"{self._url.username}:{self._url.password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}

    def account(
        self,
        name: str,
        configures: str,
        writes: str,
        reads: str,
        exchange: str,
        *,
        write: tuple[str, ...] = (),
        read: tuple[str, ...] = (),
    ) -> str:
        """The address with which its holder connects."""
        password = secrets.token_urlsafe(24)
        self.ask("PUT", f"/api/users/{name}", password=password, tags="")
        self.ask("PUT", f"/api/permissions/{self._vhost}/{name}", configure=configures, write=writes, read=reads)
        keys = {"exchange": exchange, "write": _one_of(*write), "read": _one_of(*read)}
        self.ask("PUT", f"/api/topic-permissions/{self._vhost}/{name}", **keys)
        return self._url._replace(netloc=f"{name}:{quote(password)}@{self._url.hostname}:{self._url.port}").geturl()

    def ask(self, method: str, path: str, **body: Any) -> None:
        connection = http.client.HTTPConnection(self._url.hostname or "", _MANAGEMENT_PORT, timeout=10)
        connection.request(method, path, json.dumps(body), self._headers)
        response = connection.getresponse()
        said = response.read()
        connection.close()
        assert response.status < 300 or method == "DELETE", f"{method} {path}: {response.status} {said!r}"


def _one_of(*names: str) -> str:
    return "^({})$".format("|".join(name.replace(".", r"\.") for name in names)) if names else _NOTHING
