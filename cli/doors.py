"""The APIs of a running help desk.

RELAYDESK_INTAKE_URL, RELAYDESK_SLA_URL … name them one by one, RELAYDESK_URL a proxy in front of all; without either
they are expected on this machine. RELAYDESK_API_KEY is the key.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from cli.client import Client, Unreachable
from cli.failures import UNAVAILABLE, Failure, found_wrong

_PORTS = {"intake": 8001, "assignment": 8002, "sla": 8003, "notify": 8004}


def url_of(service: str) -> str:
    own, common = os.environ.get(f"RELAYDESK_{service.upper()}_URL"), os.environ.get("RELAYDESK_URL")
    return (own or common or f"http://127.0.0.1:{_PORTS[service]}").rstrip("/")


def settings_of(service: str) -> str:
    return f"RELAYDESK_{service.upper()}_URL, or else RELAYDESK_URL, says where {service} is"


def api_key() -> str:
    key = os.environ.get("RELAYDESK_API_KEY")
    if not key:
        raise found_wrong("Set RELAYDESK_API_KEY: `relaydesk setup` shows one when it makes the system.")
    if not (key.isascii() and key.isprintable()):
        raise found_wrong("RELAYDESK_API_KEY is no key: it must be what `relaydesk setup` showed, rdk_…, and no more.")
    return key


@contextmanager
def door(service: str) -> Iterator[Client]:
    key = api_key()
    try:
        client = Client(url_of(service), key)
        try:
            yield client
        finally:
            client.close()
    except Unreachable as error:
        raise Failure(f"{error}. {settings_of(service)}.", UNAVAILABLE) from error
