"""Somebody who types `relaydesk …` and reads what comes."""

import gc
import json
import uuid
import warnings
from dataclasses import dataclass
from typing import Any

from click.testing import CliRunner
from pymongo import MongoClient
from pymongo.database import Database

from cli.main import main
from shared.store.client import connect
from shared.store.documents import Document
from tests.support.eventually import eventually
from tests.support.stack import Helpdesk


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Operator:
    environment: dict[str, str]

    @classmethod
    def of(cls, helpdesk: Helpdesk) -> "Operator":
        urls = {f"RELAYDESK_{service.upper()}_URL": url for service, url in helpdesk.services.urls.items()}
        brokers = {"RELAYDESK_MONGO_URL": helpdesk.brokers.mongo_url, "RELAYDESK_AMQP_URL": helpdesk.brokers.amqp_url}
        return cls({**helpdesk.environment, **brokers, **urls, "RELAYDESK_API_KEY": helpdesk.key})

    def but(self, **settings: str) -> "Operator":
        return Operator({**self.environment, **settings})

    def types(self, *words: str, answering: str | None = None) -> Answer:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # pika leaves its loop's own sockets open when it ends
            gc.freeze()  # what was there before the command is not walked through
            result = CliRunner().invoke(main, words, input=answering, env=self.environment, catch_exceptions=False)
            gc.collect()
            gc.unfreeze()
        return Answer(result.exit_code, result.stdout, result.stderr)

    def reads(self, *words: str) -> Any:
        """The JSON that a command prints."""
        return json.loads(self.types(*words, "--json").out)

    def opens_ticket(self, subject: str = "VPN drops") -> str:
        """Its id, once every service knows it. Of a requester of its own: the brake counts them by address."""
        requester = f"ana-{uuid.uuid4().hex[:8]}@example.com"
        words = ("--requester", requester, "--subject", subject, "--text", "Every hour.", "--topic", "network")
        ticket_id: str = self.reads("ticket", "submit", *words)["id"]
        eventually(lambda: self.reads("ticket", "show", ticket_id), lambda t: t["assignee"] and t["targets"])
        return ticket_id

    def store(self) -> MongoClient[Document]:
        """To be closed."""
        return connect(self.environment["RELAYDESK_MONGO_URL"], "tests")

    def database(self, client: MongoClient[Document], service: str) -> Database[Document]:
        return client[f"{self.environment['RELAYDESK_DATABASE_PREFIX']}_{service}"]
