"""Whose words the desk mails to whom: for others ten tickets an hour are answered by machine, by all doors together."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from pymongo.database import Database

from services.intake import brake
from services.intake.number_blocks import NumberBlocks
from services.intake.submissions.reader import reader
from shared.events.envelope import decode
from shared.store.documents import Document
from shared.store.unit_of_work import Done, Outcome, UnitOfWork
from tests.integration.intake.doors import BEN, body, delivery, open_ticket, submission
from tests.support.intake_desk import ASKED, Desk, agent, requester_of
from tests.support.mails import mail


@pytest.fixture(autouse=True)
def within_one_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which does not end while a test runs."""
    monkeypatch.setattr(brake, "hour_of", lambda _: "2026-03-02T09")


@pytest.fixture
def address() -> str:
    return f"ana-{uuid4().hex}@customer.example"


def asked(address: str, subject: str = "No network") -> dict[str, Any]:
    return {**ASKED, "requester": {"address": address, "name": "Ana"}, "subject": subject}


def unanswered(database: Database[Document], address: str) -> list[bool]:
    """Of each ticket of this address, in the order of their numbers, whether it is announced as automatic."""
    tickets = database["tickets"].find({"requester.address": address}).sort("number")
    rows = [database["event_log"].find_one({"subject": t["_id"], "type": "ticket.created"}) for t in tickets]
    return [decode(row["body"]).data.automatic for row in rows if row is not None]


def test_the_eleventh_ticket_that_a_key_opens_in_somebodys_name_is_answered_by_nobody(
    client: FlaskClient, database: Database[Document], address: str
) -> None:
    for n in range(12):
        open_ticket(client, **asked(address if n % 2 else address.upper()))
    assert unanswered(database, address) == [False] * 10 + [True] * 2


def test_processes_that_open_them_at_once_count_together(database: Database[Document], address: str) -> None:
    """Each with transactions of its own."""
    read = reader(NumberBlocks(database).take, {})

    def run(n: int) -> Outcome:
        work = read(delivery(submission("ticket.submit", f"monitor-{n}", asked(address))))
        return UnitOfWork(database, "intake").run([work])[0]

    with ThreadPoolExecutor(15) as threads:
        assert {type(outcome) for outcome in threads.map(run, range(15))} == {Done}
    assert sorted(unanswered(database, address)) == [False] * 10 + [True] * 5


def test_submissions_of_one_batch_are_counted_each(
    unit_of_work: UnitOfWork, database: Database[Document], address: str
) -> None:
    read = reader(NumberBlocks(database).take, {})
    sent = [delivery(submission("ticket.submit", "monitor", asked(address))) for _ in range(12)]
    sent.insert(1, sent[0])
    assert {type(outcome) for outcome in unit_of_work.run([read(one) for one in sent])} == {Done}
    assert unanswered(database, address) == [False] * 10 + [True] * 2


def test_all_doors_count_together_and_what_is_beyond_writes_no_count(
    desk: Desk, unit_of_work: UnitOfWork, database: Database[Document], address: str
) -> None:
    read = reader(NumberBlocks(database).take, {})
    for _ in range(4):
        desk.open_ticket(**asked(address))
    for n in range(4):
        desk.take_mail(mail(f"note {n}", sender=address))
    unit_of_work.run([read(delivery(submission("ticket.submit", "monitor", asked(address)))) for _ in range(2)])
    before = database["requesters"].find_one({"address": address})
    desk.open_ticket(**asked(address))
    desk.take_mail(mail("one more", sender=address))
    assert sorted(unanswered(database, address)) == [False] * 10 + [True] * 2
    assert database["requesters"].find_one({"address": address}) == before


def test_a_key_that_goes_on_from_a_closed_ticket_is_counted_too(
    client: FlaskClient, database: Database[Document], address: str
) -> None:
    at = f"/v1/tickets/{open_ticket(client, **asked(address))['id']}"
    assert client.post(f"{at}/close", json={"reason": "over"}, headers=BEN).status_code == 200
    for _ in range(11):
        assert client.post(f"{at}/replies", json={"as": "requester", "text": "Again"}).status_code == 201
    assert sorted(unanswered(database, address)) == [False] * 10 + [True] * 2


def test_who_is_signed_in_is_answered_always_and_not_counted(
    desk: Desk, client: FlaskClient, database: Database[Document], address: str
) -> None:
    ticket = open_ticket(client, **asked(address))
    own = {name: ASKED[name] for name in ("subject", "text")}
    for headers, said in ((requester_of(ticket), own), (agent("ben"), asked(address))):
        for _ in range(11):
            assert desk.app.test_client().post("/v1/tickets", json=said, headers=headers).status_code == 201
    assert unanswered(database, address) == [False] * 23
    for _ in range(10):
        open_ticket(client, **asked(address))
    assert sorted(unanswered(database, address)) == [False] * 32 + [True]


def test_the_next_hour_begins_anew(
    client: FlaskClient, database: Database[Document], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(11):
        open_ticket(client, **asked(address))
    monkeypatch.setattr(brake, "hour_of", lambda _: "2026-03-02T10")
    for _ in range(11):
        open_ticket(client, **asked(address))
    assert unanswered(database, address) == ([False] * 10 + [True]) * 2


def test_the_first_of_an_hour_writes_no_count(client: FlaskClient, database: Database[Document], address: str) -> None:
    open_ticket(client, **asked(address))
    requester = database["requesters"].find_one({"address": address}) or {}
    assert (requester["revision"], "answered" in requester) == (1, False)
    open_ticket(client, **asked(address))
    requester = database["requesters"].find_one({"address": address}) or {}
    assert (requester["revision"], requester["answered"]) == (2, {"hour": "2026-03-02T09", "tickets": 2})


def test_a_count_is_no_news_of_the_requester(client: FlaskClient, database: Database[Document], address: str) -> None:
    requester = open_ticket(client, **asked(address))["requester"]["id"]
    shown = client.get(f"/v1/requesters/{requester}")
    open_ticket(client, **asked(address))
    again = client.get(f"/v1/requesters/{requester}")
    assert (body(again), again.headers["ETag"]) == (body(shown), shown.headers["ETag"])
