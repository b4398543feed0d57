"""The whole system on this machine: brokers, setup, services, and a catcher for the mails they send."""

import secrets
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from cli.local.broker import Broker
from cli.local.installs import Say
from cli.local.ports import free_ports, is_free
from cli.local.processes import Child
from cli.local.services import ROOT, Services, services, set_up
from cli.local.store import Store


@dataclass(frozen=True)
class System:
    """`key` is an administrator's API key; `mails` the folder of the mails sent, one .eml file each."""

    services: Services
    amqp_url: str
    mongo_url: str
    key: str
    folder: Path
    mails: Path


@contextmanager
def running(say: Say, ports: Sequence[int] | None = None) -> Iterator[System]:
    """Starts everything in a folder of its own; at the end nothing of it is left, not even the folder."""
    folder = Path(mkdtemp(prefix="relaydesk-"))
    folder.chmod(0o711)  # the broker's own user must get through
    with ExitStack() as leaving:
        leaving.callback(shutil.rmtree, folder, ignore_errors=True)
        broker, store = Broker(folder / "broker", say), Store(folder / "store", say)
        for part in (store, broker):
            leaving.callback(part.stop)
            part.start()
        say("starting RabbitMQ and MongoDB")
        *api_ports, mail_port = [*(ports or free_ports(4)), *free_ports(1)]
        environment = {
            "RELAYDESK_AMQP_URL": broker.url,
            "RELAYDESK_MONGO_URL": store.url,
            "RELAYDESK_MAIL_SECRET": secrets.token_urlsafe(32),
            "RELAYDESK_SMTP_HOST": "127.0.0.1",
            "RELAYDESK_SMTP_PORT": str(mail_port),
            "RELAYDESK_PUBLIC_URL": f"http://127.0.0.1:{api_ports[0]}",
        }
        mails = folder / "mails"
        catcher = _mail_catcher(folder, mails, mail_port)
        leaving.callback(catcher.stop)
        catcher.start()
        store.wait_ready()
        broker.wait_ready()
        say("setting up queues, indexes and the first accounts")
        key = set_up(environment)
        say("starting the four services")
        four = services(folder, environment, api_ports)
        leaving.callback(four.stop)
        four.start()
        four.wait_ready()
        catcher.wait_ready(lambda: not is_free(mail_port))
        yield System(four, broker.url, store.url, key, folder, mails)
        say("stopping everything")


def _mail_catcher(folder: Path, mails: Path, port: int) -> Child:
    command = [sys.executable, "-m", "cli.main", "catch-mail", "--folder", str(mails), "--port", str(port)]
    return Child("mail-catcher", command, {}, folder / "mail-catcher.log", ROOT)
