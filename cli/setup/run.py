"""The order of setup: servers and accounts, queues, indexes, defaults, the first key."""

from dataclasses import dataclass
from pathlib import Path

from environs import FileAwareEnv

from cli.setup import broker, database
from cli.setup.addresses import account_in
from cli.setup.tables import ACCOUNTS, INDEXES, QUEUES, SEEDS, SERVICES
from services.assignment import seed as assignment_seed
from services.assignment.handlers.issue_api_key import ISSUED_KEYS
from shared.access.permissions import ADMINISTRATOR
from shared.messaging import topology
from shared.settings import addresses
from shared.store import indexes
from shared.store.client import connect
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Made:
    """What is shown this once, and None where it was made before: an administrator's API key, and his invitation."""

    api_key: str | None
    invitation: str | None


def run(
    env: FileAwareEnv,
    folder: Path | None = None,
    *,
    with_sample_agents: bool = False,
    with_new_key: bool = False,
    administrator: str | None = None,
) -> Made:
    """`folder`: the secrets; where they hold addresses of the services' own, accounts are made from them.

    `with_new_key`: a key even if there is one. `administrator`: the address of the first one, who is invited.
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
        invitation = _invite(units["assignment"], administrator, folder) if administrator else None
        issued = client[where["assignment"].database][ISSUED_KEYS]
        if issued.find_one({"scopes": ADMINISTRATOR}) and not with_new_key:
            return Made(None, invitation)
        return Made(assignment_seed.issue_first_key(units["assignment"], "administrator"), invitation)


def _invite(unit_of_work: UnitOfWork, address: str, folder: Path | None) -> str | None:
    if folder is None:
        raise FileNotFoundError("Inviting an administrator needs the secret that signs links: name --secrets.")
    secret = (folder / "assignment" / "link_secret").read_text()
    return assignment_seed.invite_first_administrator(unit_of_work, address, "Administrator", secret)


def _password(path: Path) -> str:
    return account_in(path.read_text())[1]
