"""Intake's API on a real store, and who comes to its door.

Ben may do everything an agent may, everywhere; Sue works in support, Nick in networks; Ada is an administrator; Gus has
left. `client` is an administrator's API key.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from pymongo.database import Database
from werkzeug.test import TestResponse

from services.intake.bootstrap import app_on
from services.intake.indexes import INDEXES
from services.intake.mail.reader import MailReader
from services.intake.seed import seed
from services.intake.settings import Secrets
from shared.access import signed_link
from shared.access.signed_link import Link
from shared.moments import utc_now
from shared.settings import Limits
from shared.store import indexes
from shared.store.client import connect
from shared.store.documents import Document
from shared.store.unit_of_work import UnitOfWork
from tests.support.access import Headers, door_settings, give_roles, key_with, seat_agent, signed_in, signing_key

SECRETS = Secrets("a secret for tests only", "another secret for tests", signing_key("requester"))
AGENTS = {
    "ben": {"*": "all_access"},
    "sue": {"support": "expanded"},
    "nick": {"networks": "expanded"},
    "ada": {"*": "administrator"},
}
ASKED: dict[str, Any] = {
    "requester": {"address": "Ana@Customer.example", "name": "Ana"},
    "subject": "No network",
    "text": "It is dark since nine.",
    "topic": "network",
}
TICKET_ACTIONS: dict[str, dict[str, Any]] = {
    "replies": {"text": "Hello"},
    "notes": {"text": "Hello"},
    "hold": {"reason": "Hello"},
    "resume": {"reason": "Hello"},
    "triage": {"reason": "Hello", "impact": "low"},
    "resolve": {"resolution": "Hello"},
    "reopen": {"reason": "Hello"},
    "close": {"reason": "Hello"},
    "rating": {"score": 1},
    "links/revocation": {},
}


@dataclass
class Desk:
    app: Flask
    database: Database[Document]
    key: Headers
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        self.client.environ_base["HTTP_AUTHORIZATION"] = self.key["Authorization"]

    def open_ticket(self, **asked: Any) -> dict[str, Any]:
        response = self.client.post("/v1/tickets", json={**ASKED, **asked})
        assert response.status_code == 201, response.text
        return answered(response)

    def take_mail(self, raw: bytes) -> dict[str, Any]:
        response = self.client.post("/v1/mail", data=raw, content_type="message/rfc822")
        assert response.status_code == 201, response.text
        return answered(response)

    def route(self, ticket: dict[str, Any], department: str, agent: str | None = None) -> None:
        """As assignment's word would show it."""
        assignment = {
            "sequence": 1,
            "status": "waiting" if agent is None else "assigned",
            "assignee": agent and {"id": agent, "name": agent.title()},
            "department": {"id": department, "name": department.title()},
        }
        update = {"$set": {"shown.assignment": assignment}, "$inc": {"revision": 1}}
        self.database["tickets"].update_one({"_id": ticket["id"]}, update)

    def announced(self, subject: str) -> list[str]:
        return [row["type"] for row in self.database["event_log"].find({"subject": subject}).sort("sequence", 1)]


def answered(response: TestResponse) -> dict[str, Any]:
    return dict(response.json or {})


def mailed_link(
    purpose: str,
    subject: str,
    holder: str,
    *,
    issued_at: datetime | None = None,
    life: timedelta = timedelta(hours=1),
) -> str:
    """As notify signs it into a mail."""
    issued_at = issued_at or utc_now()
    return signed_link.sign(Link(purpose, subject, holder, issued_at, issued_at + life), SECRETS.links)


def agent(name: str) -> Headers:
    return signed_in("agent", name)


def requester_of(ticket: dict[str, Any]) -> Headers:
    """Signed in by a link to all his tickets."""
    return signed_in("requester", ticket["requester"]["id"])


def holder_of_a_link_to(ticket: dict[str, Any]) -> Headers:
    return signed_in("requester", ticket["requester"]["id"], ticket["id"])


@contextmanager
def opened_desk(mongo_url: str, limits: Limits | None = None) -> Iterator[Desk]:
    """In a database of its own, gone afterwards."""
    client = connect(mongo_url, "tests")
    database = client[f"test_{uuid.uuid4().hex[:12]}_intake"]
    indexes.create(database, INDEXES)
    seed(UnitOfWork(database, "intake"))
    give_roles(database)
    for name, roles in AGENTS.items():
        seat_agent(database, name, roles)
    seat_agent(database, "gus", {"*": "all_access"}, is_active=False)
    mail_reader = MailReader()
    app = app_on(database, door_settings(limits), SECRETS, mail_reader)
    yield Desk(app, database, key_with(database, "administrator", name="Web form"))
    mail_reader.close()
    client.drop_database(database.name)
    client.close()
