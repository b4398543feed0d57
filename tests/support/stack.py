"""The whole system as real processes on given brokers, for the end-to-end and the fault tests.

`helpdesk.processes["intake-worker"]` can be killed, frozen (`send(SIGSTOP)`) and started again, with
RELAYDESK_CRASH_AT for one start: `.restart(RELAYDESK_CRASH_AT="unit_of_work.after_commit:3")`.
"""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cli.client import Client
from cli.local.ports import free_ports
from cli.local.processes import Child
from cli.local.services import SERVICES, Services, services, set_up
from cli.mail_catcher import serve
from cli.setup.secrets import environment_of, make
from shared.store.client import connect
from tests.support.brokers import Brokers


@dataclass(frozen=True)
class Helpdesk:
    services: Services
    environment: dict[str, str]
    brokers: Brokers
    secrets: Path
    key: str
    mails: Path
    clients: dict[tuple[str, str | None], Client] = field(default_factory=dict)

    @property
    def processes(self) -> dict[str, Child]:
        return self.services.processes

    def account(self, name: str) -> str:
        """The broker's address for the submitter or the listener."""
        return (self.secrets / name / "amqp_url").read_text()

    def another(self, name: str) -> Child:
        """A further replica of a worker or sender, not started yet; it is stopped with the rest."""
        like = self.processes[name]
        replica = Child(f"{name}-2", like.command, like.environment, like.log.with_stem(f"{name}-2"), like.folder)
        self.processes[replica.name] = replica
        return replica

    def client(self, service: str, agent: str | None = None) -> Client:
        """Speaks to one API with the administrator's key, on behalf of an agent if named."""
        if (service, agent) not in self.clients:
            self.clients[service, agent] = Client(self.services.urls[service], self.key, agent)
        return self.clients[service, agent]

    def hang_up(self) -> None:
        for client in self.clients.values():
            client.close()


@contextmanager
def running(
    brokers: Brokers, folder: Path, own: Mapping[str, Mapping[str, str]] | None = None, **settings: str
) -> Iterator[Helpdesk]:
    """Set up in databases of its own and started. `settings` are environment variables for all processes, `own` those
    of one, by its name."""
    prefix = f"test_{uuid.uuid4().hex[:12]}"
    *api_ports, mail_port = free_ports(5)
    environment = {
        "RELAYDESK_DATABASE_PREFIX": prefix,
        "RELAYDESK_SMTP_HOST": "127.0.0.1",
        "RELAYDESK_SMTP_PORT": str(mail_port),
        "RELAYDESK_PUBLIC_URL": f"http://127.0.0.1:{api_ports[0]}",
        **settings,
    }
    secrets = folder / "secrets"
    make(secrets, brokers.mongo_url, brokers.amqp_url, brokers.management_url)
    with ExitStack() as leaving:
        leaving.callback(_drop_databases, brokers.mongo_url, prefix)
        leaving.callback(serve(folder / "mails", "127.0.0.1", mail_port).stop)
        key = set_up({**environment, **environment_of(secrets, "setup")}, secrets)
        four = services(folder, environment, {name: environment_of(secrets, name) for name in SERVICES}, api_ports)
        for name, further in (own or {}).items():
            process = four.processes[name]
            process.environment = {**process.environment, **further}
        leaving.callback(four.stop)
        four.start()
        four.wait_ready(key)
        helpdesk = Helpdesk(four, environment, brokers, secrets, key, folder / "mails")
        leaving.callback(helpdesk.hang_up)
        yield helpdesk


def _drop_databases(url: str, prefix: str) -> None:
    with connect(url, "tests") as client:
        for name in client.list_database_names():
            if name.startswith(prefix):
                client.drop_database(name)
