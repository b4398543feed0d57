"""Intake's desk: Ana's tickets, as they come in, on hold and resolved, and a file in one of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from pymongo.database import Database

from services.intake.bootstrap import app_on
from services.intake.indexes import INDEXES
from services.intake.mail.reader import MailReader
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


@contextmanager
def desk_on(database: Database[Document], settings: DoorSettings) -> Iterator[Desk]:
    indexes.create(database, INDEXES)
    callers.seat_agents(database)
    seed(UnitOfWork(database, "intake"))
    for requester_id, address in ((ANA.id, ANA.address), (callers.BENNO_ID, "benno@payroll.example")):
        known = {"_id": requester_id, "address": address, "changed_at": utc_now(), "version": 1, "revision": 1}
        database[REQUESTERS].insert_one(
            {**known, "name": "Someone", "language": "en", "vip": False, "organisation": None}
        )
    reader = MailReader()
    app = app_on(database, settings, intake_desk.SECRETS, reader)
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

    def link() -> str:
        issued_at = utc_now() + timedelta(seconds=1)  # after what another row has revoked
        facts = Link("requester", ANA.id, ANA.id, issued_at, issued_at + timedelta(hours=1))
        return sign(facts, intake_desk.SECRETS.links)

    mail = multipart(TEXT, FILE, sender=f"Ana <{ANA.address}>")
    from_mail = within.take_mail(mail)["ticket_id"]
    within.route({"id": from_mail}, "infrastructure", "ben")
    [entry] = database["entries"].find({"ticket_id": from_mail})
    attachment_id = str(entry["attachments"][0]["id"])

    yield Desk(
        app,
        database,
        {
            "ticket_id": ticket,
            "ticket on hold": partial(after, "hold", {"reason": "waiting for Ana"}),
            "resolved ticket": partial(after, "resolve", {"resolution": "A new router."}),
            "requester_id": lambda: ANA.id,
            "topic_id": new_id,
            "attachment_id": lambda: attachment_id,
            "link": link,
        },
        ticket_id=from_mail,
    )
    reader.close()
