"""Intake's email door on a real store, with as little of intake around it as it needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from pymongo.database import Database
from werkzeug.test import TestResponse

from services.intake.indexes import INDEXES
from services.intake.mail.attachments import attachments_routes
from services.intake.mail.door import mail_routes
from services.intake.mail.large_mails import LargeMails
from services.intake.mail.reader import MailReader
from services.intake.number_blocks import NumberBlocks
from services.intake.seed import seed
from shared.events.envelope import decode
from shared.events.intake import TicketCreated
from shared.http.application import create_app
from shared.http.commands import Commands
from shared.mail_reference import message_id
from shared.store import indexes
from shared.store.documents import Document
from shared.store.unit_of_work import UnitOfWork
from tests.support.access import Headers, door_settings, key_with

SECRET = "only for tests"


@dataclass
class Desk:
    app: Flask
    database: Database[Document]
    headers: Headers
    large_mails: LargeMails
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def post(self, raw: bytes, **headers: str) -> TestResponse:
        return self.client.post("/v1/mail", data=raw, content_type="message/rfc822", headers=self.headers | headers)

    def take(self, raw: bytes) -> dict[str, Any]:
        """The answer to a mail that must be taken."""
        response = self.post(raw)
        assert response.status_code == 201, response.text
        return dict(response.json or {})

    def ticket(self, answer: dict[str, Any]) -> Document:
        found = self.database["tickets"].find_one({"_id": answer["ticket_id"]})
        assert found is not None
        return found

    def thread(self, answer: dict[str, Any]) -> list[Document]:
        return list(self.database["entries"].find({"ticket_id": answer["ticket_id"]}).sort("_id"))

    def events(self, answer: dict[str, Any]) -> list[str]:
        found = self.database["event_log"].find({"subject": answer["ticket_id"]}).sort("sequence")
        return [row["type"] for row in found]

    def announced(self, answer: dict[str, Any]) -> TicketCreated:
        created = self.database["event_log"].find_one({"subject": answer["ticket_id"], "type": "ticket.created"})
        assert created is not None
        found: TicketCreated = decode(created["body"]).data
        return found

    def our_message_id(self, answer: dict[str, Any]) -> str:
        """As notify would have signed it."""
        return message_id(answer["ticket_id"], "some delivery", SECRET, "desk.example")

    @property
    def key(self) -> str:
        return self.headers["Authorization"].removeprefix("Bearer ")


@contextmanager
def opened_desk(database: Database[Document]) -> Iterator[Desk]:
    indexes.create(database, INDEXES)
    unit_of_work = UnitOfWork(database, "intake")
    seed(unit_of_work)
    app, api = create_app("intake", "Its email door.", database, door_settings())
    reader = MailReader()
    large_mails = LargeMails(patience=0)
    next_number = NumberBlocks(database).take
    api.register_blueprint(mail_routes(database, Commands(unit_of_work), reader, large_mails, next_number, SECRET))
    api.register_blueprint(attachments_routes(database))
    yield Desk(app, database, key_with(database, "mail", "tickets:read", name="mail server"), large_mails)
    reader.close()
