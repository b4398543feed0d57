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
from services.intake.mail.attachments import register_attachments
from services.intake.mail.door import register_mail
from services.intake.mail.indexes import INDEXES as MAIL_INDEXES
from services.intake.mail.reader import MailReader
from services.intake.number_blocks import NumberBlocks
from services.intake.seed import seed
from shared.access import API_KEYS, new_key
from shared.http.application import Commands, create_app
from shared.mail_reference import message_id
from shared.store import indexes
from shared.store.documents import Document
from shared.store.unit_of_work import UnitOfWork

SECRET = "only for tests"


@dataclass
class Desk:
    app: Flask
    database: Database[Document]
    key: str
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

    def our_message_id(self, answer: dict[str, Any]) -> str:
        """As notify would have signed it."""
        return message_id(answer["ticket_id"], "some delivery", SECRET, "desk.example")

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


@contextmanager
def opened_desk(database: Database[Document]) -> Iterator[Desk]:
    indexes.create(database, {**INDEXES, **MAIL_INDEXES})
    unit_of_work = UnitOfWork(database, "intake")
    seed(unit_of_work)
    key_id, key, digest = new_key()
    row: Document = {"_id": key_id, "name": "mail server", "secret_sha256": digest, "scopes": [], "expires_at": None}
    database[API_KEYS].insert_one({**row, "revoked": False, "revision": 1})
    app = create_app("intake", database)
    reader = MailReader()
    register_mail(app, Commands(unit_of_work), database, reader, NumberBlocks(database).take, SECRET)
    register_attachments(app, database)
    yield Desk(app, database, key)
    reader.close()
