"""Makes what the services need before they start: exchanges, queues, bindings, indexes, defaults, the first key.

It is the only place that reads the tables of all four services. Run again it makes what is missing and changes nothing
else.
"""

import secrets
from collections.abc import Callable
from pathlib import Path

from environs import FileAwareEnv

from services.assignment import seed as assignment_seed
from services.assignment import subscriptions as assignment
from services.assignment.handlers.issue_api_key import ISSUED_KEYS
from services.assignment.indexes import INDEXES as ASSIGNMENT_INDEXES
from services.intake import seed as intake_seed
from services.intake import subscriptions as intake
from services.intake.indexes import INDEXES as INTAKE_INDEXES
from services.intake.mail.indexes import INDEXES as MAIL_INDEXES
from services.notify import subscriptions as notify
from services.notify.indexes import INDEXES as NOTIFY_INDEXES
from services.sla import seed as sla_seed
from services.sla import subscriptions as sla
from services.sla.indexes import INDEXES as SLA_INDEXES
from shared.access.permissions import ADMINISTRATOR
from shared.messaging import topology
from shared.settings import addresses
from shared.store import indexes
from shared.store.client import connect
from shared.store.indexes import Indexes
from shared.store.unit_of_work import UnitOfWork

QUEUES = (*intake.QUEUES, *assignment.QUEUES, *sla.QUEUES, *notify.QUEUES)
INDEXES: dict[str, Indexes] = {
    "intake": {**INTAKE_INDEXES, **MAIL_INDEXES},
    "assignment": ASSIGNMENT_INDEXES,
    "sla": SLA_INDEXES,
    "notify": NOTIFY_INDEXES,
}
SEEDS: dict[str, Callable[[UnitOfWork], None]] = {
    "intake": intake_seed.seed,
    "assignment": assignment_seed.seed,
    "sla": sla_seed.seed,
}


def run(env: FileAwareEnv, *, with_sample_agents: bool, with_new_key: bool) -> str | None:
    """An administrator's API key if this made one: always when asked for, else only on a new desk."""
    where = {service: addresses(env, service) for service in INDEXES}
    topology.declare(where["intake"].amqp_url, list(QUEUES))
    with connect(where["intake"].mongo_url, "setup") as client:
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


def make_secrets(folder: Path) -> None:
    """The secrets that lack, each a file that only its owner reads."""
    path = folder / "mail_secret"
    if not path.exists():
        path.touch(0o600)
        path.write_text(secrets.token_urlsafe(32))
