"""One help desk of real processes whose insides can be looked at: each has its port for /healthz, /readyz, /metrics.

What a test stops it starts again, and what it parks it discards: the next one finds all well.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from cli.local.ports import free_ports
from tests.conftest import clean
from tests.support import stack
from tests.support.brokers import Brokers
from tests.support.eventually import eventually
from tests.support.stack import Helpdesk

WORKERS = ("intake-worker", "assignment-worker", "sla-worker", "notify-worker", "notify-sender")
SECRET = "canary-of-the-mail-secret"


@dataclass(frozen=True)
class Seen:
    """`urls`: where each of the nine processes tells of itself, by name."""

    helpdesk: Helpdesk
    urls: dict[str, str]
    folder: Path

    def look(self, process: str, path: str) -> tuple[int, str]:
        return look(self.urls[process] + path)

    def wait_up(self, process: str) -> None:
        """Until it lacks nothing; an API says for some seconds that its worker was away."""

        def status() -> str:
            try:
                return str(json.loads(self.look(process, "/readyz")[1])["status"])
            except OSError:
                return "away"

        eventually(status, lambda status: status == "up", within=30)

    def logs(self) -> str:
        return "".join(log.read_text() for log in sorted(self.folder.glob("*.log")))


def look(url: str) -> tuple[int, str]:
    """(HTTP status, body)"""
    try:
        with urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


@pytest.fixture(scope="package")
def seen(the_brokers: Brokers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("seen")
    clean(the_brokers.amqp_url)
    settings = {
        "RELAYDESK_API_WORKERS": "2",
        "RELAYDESK_LOG_LEVEL": "debug",
        "RELAYDESK_MAIL_SECRET": SECRET,
        "RELAYDESK_LIMIT_NETWORK": "100000/minute",  # all tests, and the look whether it's up, come from one
    }
    ports = dict(zip(WORKERS, free_ports(len(WORKERS)), strict=True))
    own = {name: {"RELAYDESK_METRICS_PORT": str(port)} for name, port in ports.items()}
    with stack.running(the_brokers, folder, own, **settings) as helpdesk:
        apis = {f"{service}-api": url for service, url in helpdesk.services.urls.items()}
        urls = {**apis, **{name: f"http://127.0.0.1:{port}" for name, port in ports.items()}}
        seen = Seen(helpdesk, urls, folder)
        for name in urls:
            seen.wait_up(name)
        yield seen
    clean(the_brokers.amqp_url)
