"""The tables of all four services side by side. Nothing else outside the services reads them."""

from collections.abc import Callable

from services.assignment import seed as assignment_seed
from services.assignment import subscriptions as assignment
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
from shared.events.catalogue import PUBLIC, PUBLISHERS
from shared.messaging.accounts import Account, listener, service_account, submitter
from shared.messaging.topology import Queue
from shared.store.indexes import Indexes
from shared.store.unit_of_work import UnitOfWork

QUEUES_OF: dict[str, tuple[Queue, ...]] = {
    "intake": intake.QUEUES,
    "assignment": assignment.QUEUES,
    "sla": sla.QUEUES,
    "notify": notify.QUEUES,
}
SERVICES = tuple(QUEUES_OF)
QUEUES = tuple(queue for queues in QUEUES_OF.values() for queue in queues)
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

ACCOUNTS: dict[str, Account] = {
    **{service: service_account(service, queues, PUBLISHERS[service]) for service, queues in QUEUES_OF.items()},
    "submitter": submitter(QUEUES),
    "listener": listener(PUBLIC),
}
