import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from services.notify.delivering import Sender
from services.notify.indexes import INDEXES
from services.notify.outbox import Outbox
from services.notify.settings import Letterhead, SenderSettings, letterhead, sender_settings
from services.notify.subscriptions import SUBSCRIPTIONS
from shared.events.envelope import Event, decode
from shared.http.committer import Committer
from shared.store.documents import Document
from shared.store.unit_of_work import UnitOfWork
from shared.worker import work_for
from tests.support.seeded import Seeded, seeded
from tests.support.smtp_server import SmtpServer, smtp_server
from tests.unit.notify.cast import CREATED, event


class Desk:
    """Notify's database with what tests ask of it."""

    def __init__(self, mongo_url: str, database: Database[Document]) -> None:
        self.mongo_url = mongo_url
        self.database = database
        self.unit_of_work = UnitOfWork(database, "notify")
        self._table = {s.type: s for s in SUBSCRIPTIONS}

    def hears(self, data: Any = CREATED, event_id: str | None = None) -> str:
        """The id of the last delivery that is written for it."""
        heard = event(data, event_id or f"event-{uuid.uuid4().hex}")
        self.unit_of_work.run([work_for(heard, self._table[heard.type])])
        return str(list(self.database["deliveries"].find({"event_id": heard.id}).sort("_id", 1))[-1]["_id"])

    def delivery(self, delivery_id: str) -> Document:
        found = self.database["deliveries"].find_one({"_id": delivery_id})
        assert found is not None
        return found

    def is_made_due(self, delivery_id: str) -> None:
        """As if its pause, or the lease on it, had ended."""
        due = [{"$set": {"due_at": "$$NOW"}}]
        assert self.database["deliveries"].update_one({"_id": delivery_id}, due).matched_count == 1

    def announced(self) -> list[Event[Any]]:
        return [decode(row["body"]) for row in self.database["event_log"].find().sort("_id", 1)]


MakeSender = Callable[..., Sender]


@pytest.fixture(scope="package")
def new_desk(mongo_url: str) -> Iterator[Seeded]:
    with seeded(mongo_url, "notify", INDEXES) as new_desk:
        yield new_desk


@pytest.fixture
def desk(mongo_url: str, new_desk: Seeded, head: Letterhead) -> Desk:
    return Desk(mongo_url, new_desk.put_back())


@pytest.fixture
def head(monkeypatch: pytest.MonkeyPatch) -> Iterator[Letterhead]:
    monkeypatch.setenv("RELAYDESK_MAIL_SECRET", "a secret of some length")
    monkeypatch.setenv("RELAYDESK_LINK_SECRET", "another secret of some length")
    monkeypatch.setenv("RELAYDESK_MAIL_FROM", "Help desk <help@desk.example>")
    letterhead.cache_clear()
    yield letterhead()
    letterhead.cache_clear()


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def make_sender(desk: Desk, server: SmtpServer, head: Letterhead) -> MakeSender:
    def make(lease: timedelta = timedelta(seconds=20), **changed: Any) -> Sender:
        found = replace(sender_settings(), smtp_host=server.host, smtp_port=server.port, lease=lease)
        ours: SenderSettings = replace(found, **changed)
        outbox = Outbox(desk.database, lease)
        return Sender(outbox, Committer(UnitOfWork(desk.database, "notify")), ours, head.mail_from)

    return make
