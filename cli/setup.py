"""Makes what the services need before they start: exchanges, queues, bindings, indexes, defaults, the first key.

It is the only place that reads the tables of all four services. Run again it makes what is missing and changes nothing
else.
"""

import secrets
from datetime import datetime
from pathlib import Path

from environs import FileAwareEnv
from pymongo import MongoClient

from services.assignment import indexes as assignment_indexes
from services.assignment import seed as assignment_seed
from services.assignment import subscriptions as assignment
from services.intake import indexes as intake_indexes
from services.intake import seed as intake_seed
from services.intake import subscriptions as intake
from services.notify import indexes as notify_indexes
from services.notify import seed as notify_seed
from services.notify import subscriptions as notify
from services.sla import indexes as sla_indexes
from services.sla import seed as sla_seed
from services.sla import subscriptions as sla
from shared.access import API_KEYS, new_key
from shared.events.assignment import ApiKeyIssued
from shared.identifiers import new_id
from shared.messaging import topology
from shared.settings import addresses
from shared.store import indexes
from shared.store.client import connect
from shared.store.documents import Announcement, Cause, Changes, Document, Documents, Key
from shared.store.unit_of_work import Done, Failed, UnitOfWork, Work

QUEUES = (*intake.QUEUES, *assignment.QUEUES, *sla.QUEUES, *notify.QUEUES)
_TABLES = {
    "intake": (intake_indexes.INDEXES, intake_seed.seed),
    "assignment": (assignment_indexes.INDEXES, assignment_seed.seed),
    "sla": (sla_indexes.INDEXES, sla_seed.seed),
    "notify": (notify_indexes.INDEXES, notify_seed.seed),
}
_ADMINISTRATOR = "administrator"


def run(env: FileAwareEnv) -> str | None:
    """The administrator's API key if this made it, None if there was one before."""
    topology.declare(addresses(env, "setup").amqp_url, list(QUEUES))
    with connect(addresses(env, "setup").mongo_url, "setup") as client:
        for service, (models, seed) in _TABLES.items():
            database = client[addresses(env, service).database]
            indexes.create(database, models)
            seed(UnitOfWork(database, service))
        return _first_key(client, addresses(env, "assignment").database)


def make_secrets(folder: Path) -> None:
    """The secrets that lack, each a file that only its owner reads."""
    path = folder / "mail_secret"
    if not path.exists():
        path.touch(0o600)
        path.write_text(secrets.token_urlsafe(32))


def _first_key(client: MongoClient[Document], database: str) -> str | None:
    """Issued in assignment's name, whose keys they are: the others hear of it once its worker runs."""
    key_id, key, secret_sha256 = new_key(_ADMINISTRATOR)

    def issue(documents: Documents, now: datetime) -> Changes:
        if documents.get(API_KEYS, key_id):
            return Changes()
        issued = ApiKeyIssued(key_id, "the first administrator", secret_sha256, ("admin",))
        document = {
            "_id": key_id,
            "name": issued.name,
            "secret_sha256": secret_sha256,
            "scopes": list(issued.scopes),
            "expires_at": None,
            "revoked": False,
        }
        return Changes([(API_KEYS, document)], events=[Announcement(issued, key_id, 1, now)], answer=key)

    work = Work(issue, Cause(new_id()), [Key(API_KEYS, key_id)])
    [outcome] = UnitOfWork(client[database], "assignment").run([work], patience=10)
    match outcome:
        case Done(answer):
            return key if answer else None
        case Failed(error):
            raise error
        case _:
            raise AssertionError("a work without an id is never seen before")
