"""The order of setup: servers and accounts, queues, indexes, defaults, the first administrator."""

from dataclasses import dataclass
from pathlib import Path

from environs import FileAwareEnv

from cli.servers import servers
from cli.setup import broker, database
from cli.setup.addresses import account_in
from cli.setup.tables import ACCOUNTS, INDEXES, QUEUES, SEEDS, SERVICES
from services.assignment import seed as assignment_seed
from services.assignment.handlers.issue_api_key import ISSUED_KEYS
from shared.access.permissions import ADMINISTRATOR
from shared.messaging import topology
from shared.store import indexes
from shared.store.client import connect
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Shown:
    """What is kept nowhere else: an administrator's API key and invitation, where this run made them."""

    api_key: str | None
    invitation: str | None


def run(
    env: FileAwareEnv,
    folder: Path | None = None,
    *,
    administrator: str | None = None,
    with_sample_agents: bool,
    with_new_key: bool,
) -> Shown:
    """Prepares the servers that the environment names. Raises Refusal for an impossible `administrator`.

    `folder`: the secrets. Where they hold addresses of the services' own, accounts are made from them. `administrator`:
    the mail address of a first one, who is invited. A key is made when asked for, else only on a new desk.
    """
    where = {service: servers(env, service) for service in SERVICES}
    mongo_url, amqp_url = where["intake"].mongo_url, where["intake"].amqp_url
    management_url = env.str("RELAYDESK_MANAGEMENT_URL", None)
    topology.declare(amqp_url, list(QUEUES))
    if folder and management_url:
        accounts = [(account, _password(folder / holder / "amqp_url")) for holder, account in ACCOUNTS.items()]
        broker.reconcile(management_url, amqp_url, accounts, QUEUES)
    database.begin_replica_set(mongo_url)
    with connect(mongo_url, "setup") as client:
        if folder and account_in(mongo_url)[0]:
            own = {(folder / service / "mongo_url").read_text(): at.database for service, at in where.items()}
            database.reconcile_accounts(client, own)
        units = {service: UnitOfWork(client[at.database], service) for service, at in where.items()}
        for service, models in INDEXES.items():
            indexes.create(client[where[service].database], models)
        for service, seed in SEEDS.items():
            seed(units[service])
        if with_sample_agents:
            assignment_seed.seed_sample(units["assignment"])
        # The key comes last: shown once, it must not be made by a run that then fails.
        invitation = _invite(env, units["assignment"], administrator) if administrator else None
        issued = client[where["assignment"].database][ISSUED_KEYS]
        is_wanted = with_new_key or not issued.find_one({"scopes": ADMINISTRATOR})
        key = assignment_seed.issue_first_key(units["assignment"], "administrator") if is_wanted else None
        return Shown(key, invitation)


def _password(path: Path) -> str:
    return account_in(path.read_text())[1]


def _invite(env: FileAwareEnv, assignment: UnitOfWork, address: str) -> str | None:
    with env.prefixed("RELAYDESK_"):
        secret, url = env.str("LINK_SECRET"), env.str("PUBLIC_URL", "http://127.0.0.1:8002").rstrip("/")
    link = assignment_seed.invite_first_administrator(assignment, address, "Administrator", secret)
    return f"{url}/v1/invitations/{link}" if link else None
