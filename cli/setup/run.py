"""The order of setup: servers and accounts, queues, indexes, defaults, the first key."""

from pathlib import Path

from environs import FileAwareEnv

from cli.setup import broker, database
from cli.setup.addresses import account_in
from cli.setup.tables import ACCOUNTS, INDEXES, QUEUES, SEEDS, SERVICES
from services.assignment import seed as assignment_seed
from services.assignment.handlers.issue_api_key import ADMINISTRATOR, ISSUED_KEYS
from shared.messaging import topology
from shared.settings import addresses
from shared.store import indexes
from shared.store.client import connect
from shared.store.unit_of_work import UnitOfWork


def run(env: FileAwareEnv, folder: Path | None = None, *, with_sample_agents: bool, with_new_key: bool) -> str | None:
    """An administrator's API key if this made one: always when asked for, else only on a new desk.

    `folder`: the secrets. Where they hold addresses of the services' own, accounts are made from them.
    """
    where = {service: addresses(env, service) for service in SERVICES}
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
        issued = client[where["assignment"].database][ISSUED_KEYS]
        if issued.find_one({"scopes": ADMINISTRATOR}) and not with_new_key:
            return None
        return assignment_seed.issue_first_key(units["assignment"], "administrator")


def _password(path: Path) -> str:
    return account_in(path.read_text())[1]
