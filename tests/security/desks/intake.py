"""Intake's desk: Ana's tickets, as they come in, on hold and resolved, and a file in one of them."""

from functools import partial

from pymongo.database import Database

from services.intake.bootstrap import app_on
from services.intake.indexes import INDEXES
from services.intake.requester_repository import REQUESTERS
from services.intake.seed import seed
from shared.access.signed_link import Link, sign
from shared.identifiers import new_id
from shared.moments import utc_now
from shared.settings import DoorSettings
from shared.store import indexes
from shared.store.documents import Document
from shared.store.unit_of_work import UnitOfWork
from tests.security import callers
from tests.security.desks.desk import Desk
from tests.support import intake_desk
from tests.support.access import key_with
from tests.support.mails import multipart
from tests.support.sla_cast import ANA

ASKED = {"address": ANA.address, "name": ANA.name}
TEXT = "Content-Type: text/plain\r\n\r\nSee the file."
FILE = "Content-Type: text/plain\r\nContent-Disposition: attachment; filename=log.txt\r\n\r\nIt drops."


def desk_on(database: Database[Document], settings: DoorSettings) -> Desk:
    indexes.create(database, INDEXES)
    callers.seat_agents(database)
    seed(UnitOfWork(database, "intake"))
    facts = {"address": ANA.address, "name": ANA.name, "language": "en", "vip": False, "organisation": None}
    database[REQUESTERS].insert_one({"_id": ANA.id, **facts, "version": 1, "changed_at": utc_now(), "revision": 1})
    app = app_on(database, settings, intake_desk.SECRETS)
    within = intake_desk.Desk(app, database, key_with(database, "administrator"))

    def ticket() -> str:
        opened = within.open_ticket(requester=ASKED)
        within.route(opened, "infrastructure", "ben")
        return str(opened["id"])

    def after(action: str, body: dict[str, str]) -> str:
        ticket_id = ticket()
        done = within.client.post(f"/v1/tickets/{ticket_id}/{action}", json=body)
        assert done.status_code == 200, done.text
        return ticket_id

    def attachment() -> str:
        taken = within.take_mail(
            multipart(TEXT, FILE, sender=f"Ana <{ANA.address}>", message_id=f"<{new_id()}@x.example>")
        )
        within.route({"id": taken["ticket_id"]}, "infrastructure", "ben")
        entry = database["entries"].find_one({"ticket_id": taken["ticket_id"], "attachments": {"$ne": []}})
        assert entry is not None
        return str(entry["attachments"][0]["id"])

    def link() -> str:
        now = utc_now()
        return sign(Link("requester", ANA.id, ANA.id, now, now.replace(year=now.year + 1)), intake_desk.SECRETS.links)

    return Desk(
        app,
        database,
        {
            "ticket_id": ticket,
            "ticket on hold": partial(after, "hold", {"reason": "waiting for Ana"}),
            "resolved ticket": partial(after, "resolve", {"resolution": "A new router."}),
            "requester_id": lambda: ANA.id,
            "topic_id": new_id,
            "attachment_id": attachment,
            "link": link,
        },
    )
