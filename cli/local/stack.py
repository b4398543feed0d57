"""The whole system on this machine: brokers, setup, services, and a catcher for the mails they send."""

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
from cli.local.processes import Child, stop_together
from cli.local.services import ROOT, SERVICES, Services, services, set_up
from cli.local.store import Store
from cli.setup.secrets import environment_of, make


@dataclass(frozen=True)
class System:
    """`key` is an administrator's API key; `mails` the folder of the mails sent, one .eml file each.

    The two addresses are the administrators'; `submitter_url` and `listener_url` are for other systems.
    """

    services: Services
    amqp_url: str
    mongo_url: str
    submitter_url: str
    listener_url: str
    key: str
    folder: Path
    mails: Path
    surroundings: dict[str, Child]  # rabbitmq, mongod, mail-catcher

    def processes(self) -> dict[str, Child]:
        return {**self.surroundings, **self.services.processes}


@contextmanager
def running(say: Say, ports: Sequence[int] | None = None) -> Iterator[System]:
    """Starts everything in a folder of its own. At the end nothing is left, but for the folder if something failed."""
    folder = Path(mkdtemp(prefix="relaydesk-"))
    folder.chmod(0o711)  # the broker's own user must get through
    has_failed = False
    try:
        with ExitStack() as leaving:
            yield _started(folder, say, ports or free_ports(4), leaving)
            say("stopping everything")
    except Exception:
        has_failed = True
        raise
    finally:
        if has_failed:
            say(f"the logs are in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _started(folder: Path, say: Say, ports: Sequence[int], leaving: ExitStack) -> System:
    broker, store = Broker(folder / "broker", say), Store(folder / "store", say)
    say("starting RabbitMQ and MongoDB")
    for part in (store, broker):
        leaving.callback(part.stop)
        part.start()
    leaving.callback(stop_together, [broker.process, store.process])  # before they are waited for one by one
    [mail_port] = free_ports(1)
    mails = folder / "mails"
    catcher = _mail_catcher(folder, mails, mail_port)
    leaving.callback(catcher.stop)
    catcher.start()
    secrets = folder / "secrets"
    make(secrets, store.url, broker.url, broker.management_url)
    environment = {
        "RELAYDESK_SMTP_HOST": "127.0.0.1",
        "RELAYDESK_SMTP_PORT": str(mail_port),
        "RELAYDESK_PUBLIC_URL": f"http://127.0.0.1:{ports[0]}",
    }
    store.wait_ready()
    broker.wait_ready()
    say("setting up queues, indexes and the first accounts")
    key = set_up({**environment, **environment_of(secrets, "setup")}, secrets)
    say("starting the four services")
    four = services(folder, environment, {service: environment_of(secrets, service) for service in SERVICES}, ports)
    leaving.callback(four.stop)
    four.start()
    four.wait_ready(key)
    catcher.wait_ready(lambda: not is_free(mail_port))
    surroundings = {child.name: child for child in (broker.process, store.process, catcher)}
    submitter_url, listener_url = ((secrets / name / "amqp_url").read_text() for name in ("submitter", "listener"))
    return System(four, broker.url, store.url, submitter_url, listener_url, key, folder, mails, surroundings)


def _mail_catcher(folder: Path, mails: Path, port: int) -> Child:
    command = [sys.executable, "-m", "cli.main", "catch-mail", "--folder", str(mails), "--port", str(port)]
    return Child("mail-catcher", command, {}, folder / "mail-catcher.log", ROOT)
