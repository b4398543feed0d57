from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from pymongo.database import Database

from services.intake.number_blocks import NumberBlocks
from services.intake.submissions.reader import reader
from shared.events.envelope import Event, decode
from shared.messaging.consumer import Delivery
from shared.store.documents import Document
from shared.store.unit_of_work import Done, UnitOfWork
from tests.integration.intake.doors import delivery, submission
from tests.support.intake_desk import ASKED

Submit = Callable[..., Event[Any]]


@pytest.fixture
def submit(database: Database[Document], unit_of_work: UnitOfWork) -> Submit:
    """Handles submissions in one batch; returns the verdict on the last."""
    read = reader(NumberBlocks(database).take, {"submitter": "*"})

    def submit(*deliveries: Delivery) -> Event[Any]:
        works = [read(d) for d in deliveries]
        assert {type(outcome) for outcome in unit_of_work.run(works)} == {Done}
        last = database["event_log"].find_one({"subject": works[-1].keys[0].value}, sort=[("sequence", -1)])
        assert last is not None
        return decode(last["body"])

    return submit


@pytest.fixture
def source() -> str:
    return f"monitor-{uuid4()}"


def test_a_submission_opens_a_ticket_and_is_answered(submit: Submit, source: str, database: Database[Document]) -> None:
    sent = submission("ticket.submit", source, {**ASKED, "external_reference": "alert-1"})
    verdict = submit(delivery(sent, "reply.monitor"))
    assert (verdict.type, verdict.sequence) == ("submission.accepted", 1)
    assert verdict.data.external_reference == "alert-1"
    ticket = database["tickets"].find_one({"_id": verdict.data.ticket_id})
    assert ticket is not None
    assert (ticket["number"], ticket["channel"], ticket["status"]) == (verdict.data.ticket_number, "amqp", "new")
    row = database["event_log"].find_one({"subject": f"{source} {sent['id']}"})
    assert row is not None
    assert row["reply_to"] == "reply.monitor"


def test_a_monitor_closes_what_it_opened_by_its_own_reference_in_one_batch(
    submit: Submit, source: str, database: Database[Document]
) -> None:
    named = {"external_reference": "alert-2"}
    verdict = submit(
        delivery(submission("ticket.submit", source, {**ASKED, **named})),
        delivery(submission("ticket.reply", source, {**named, "text": "Still down"})),
        delivery(submission("ticket.resolve", source, {**named, "resolution": "Up again"})),
        delivery(submission("ticket.reopen", source, {**named, "reason": "Down again"})),
        delivery(submission("ticket.resolve", source, {**named, "resolution": "Up again"})),
        delivery(submission("ticket.close", source, named)),
    )
    ticket = database["tickets"].find_one({"_id": verdict.data.ticket_id})
    assert ticket is not None
    assert (ticket["status"], ticket["version"]) == ("closed", 6)


@pytest.mark.parametrize("size", [1, 2, 8])
def test_a_reference_names_the_ticket_that_a_reply_by_it_opened(
    submit: Submit, source: str, database: Database[Document], size: int
) -> None:
    named = {"external_reference": "alert-7"}
    sent = [
        *opened_and_closed(source, named),
        delivery(submission("ticket.reply", source, {**named, "text": "Down again"})),
        delivery(submission("ticket.reply", source, {**named, "text": "Still down"})),
        delivery(submission("ticket.resolve", source, {**named, "resolution": "Up again"})),
        delivery(submission("ticket.close", source, named)),
        delivery(submission("ticket.reply", source, {**named, "text": "Down once more"})),
        delivery(submission("ticket.resolve", source, {**named, "resolution": "Up again"})),
    ]
    for start in range(0, 8, size):
        verdict = submit(*sent[start : start + size])
    third = ticket_with(database, verdict.data.ticket_id)
    second = ticket_with(database, third["follows"])
    first = ticket_with(database, second["follows"])
    assert [(t["status"], t["version"]) for t in (first, second, third)] == [
        ("closed", 2),
        ("closed", 4),
        ("resolved", 2),
    ]
    assert [t.get("external_key") for t in (first, second, third)] == [None, None, f"{source} alert-7"]
    assert [t["external_reference"] for t in (first, second, third)] == ["alert-7", "alert-7", "alert-7"]


def test_two_replies_at_once_to_a_closed_ticket_open_one(
    submit: Submit, source: str, database: Database[Document]
) -> None:
    named = {"external_reference": "alert-8"}
    closed = submit(*opened_and_closed(source, named)).data.ticket_id
    replies = [delivery(submission("ticket.reply", source, {**named, "text": f"Down {n}"})) for n in range(4)]
    with ThreadPoolExecutor(4) as threads:
        verdicts = list(threads.map(submit, replies))
    [follow_up] = {verdict.data.ticket_id for verdict in verdicts}
    assert ticket_with(database, follow_up)["follows"] == closed
    assert database["tickets"].count_documents({"follows": closed}) == 1


def test_a_reference_that_has_gone_over_is_taken_by_the_ticket_that_has_it(submit: Submit, source: str) -> None:
    named = {"external_reference": "alert-9"}
    submit(*opened_and_closed(source, named))
    follow_up = submit(delivery(submission("ticket.reply", source, {**named, "text": "Down again"})))
    taken = submit(delivery(submission("ticket.submit", source, {**ASKED, **named})))
    assert taken.data.reasons[0]["rule"] == f"names ticket {follow_up.data.ticket_number}"


def test_a_reply_by_id_leaves_the_reference_where_it_is(
    submit: Submit, source: str, database: Database[Document]
) -> None:
    named = {"external_reference": "alert-10"}
    closed = submit(*opened_and_closed(source, named)).data.ticket_id
    by_id = {"ticket_id": closed, "text": "Down again"}
    follow_up = ticket_with(database, submit(delivery(submission("ticket.reply", source, by_id))).data.ticket_id)
    assert follow_up["follows"] == closed
    assert "external_reference" not in follow_up
    assert ticket_with(database, closed)["external_key"] == f"{source} alert-10"


def test_a_repeated_submission_has_one_effect_and_is_answered_again(
    submit: Submit, source: str, database: Database[Document]
) -> None:
    sent = submission("ticket.submit", source, {**ASKED, "external_reference": "alert-3"})
    first = submit(delivery(sent), delivery(sent))
    again = submit(delivery(sent, "reply.monitor"))
    assert (first.sequence, again.sequence) == (1, 2)
    assert first.data == again.data
    assert database["tickets"].count_documents({"external_key": f"{source} alert-3"}) == 1


@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        ("ticket.submit", {**ASKED, "subject": ""}, "subject"),
        ("ticket.submit", {**ASKED, "colour": "blue"}, "colour"),
        ("ticket.submit", {**ASKED, "topic": "astrology"}, "topic"),
        ("ticket.submit", {**ASKED, "requester": {"address": "nobody"}}, "requester.address"),
        ("ticket.submit", ["a list"], "data"),
        ("ticket.close", {"external_reference": "never-seen"}, "external_reference"),
        ("ticket.close", {"ticket_id": "0195b3c0-0000-7000-8000-000000000009", "reason": "spam"}, "ticket_id"),
        ("ticket.close", {}, "ticket_id"),
        ("ticket.delete", {}, "type"),
    ],
)
def test_what_can_not_be_done_is_rejected_with_the_field(
    submit: Submit, source: str, kind: str, data: Any, field: str
) -> None:
    verdict = submit(delivery(submission(kind, source, data)))
    assert verdict.type == "submission.rejected"
    assert field in {reason["field"] for reason in verdict.data.reasons}


def test_a_rule_of_the_ticket_is_a_rejection_too(submit: Submit, source: str) -> None:
    named = {"external_reference": "alert-4"}
    submit(delivery(submission("ticket.submit", source, {**ASKED, **named})))
    verdict = submit(delivery(submission("ticket.reopen", source, {**named, "reason": "again"})))
    assert verdict.data.reasons[0]["rule"] == "The ticket is not resolved"


def test_only_the_own_requester_replies(submit: Submit, source: str) -> None:
    named = {"external_reference": "alert-5"}
    submit(delivery(submission("ticket.submit", source, {**ASKED, **named})))
    stranger = {**named, "text": "Let me in", "requester": "eve@elsewhere.example"}
    verdict = submit(delivery(submission("ticket.reply", source, stranger)))
    assert (verdict.type, verdict.data.reasons[0]["field"]) == ("submission.rejected", "requester")
    her_own = {**named, "text": "It is me", "requester": "ANA@customer.example"}
    assert submit(delivery(submission("ticket.reply", source, her_own))).type == "submission.accepted"


def test_twenty_reasons_of_many_fit_into_the_rejection(submit: Submit, source: str) -> None:
    verdict = submit(delivery(submission("ticket.submit", source, {f"{n}-" + "€" * 500: n for n in range(25)})))
    assert verdict.type == "submission.rejected"
    assert len(verdict.data.reasons) == 20


@pytest.mark.parametrize(
    ("data", "field", "rule"),
    [
        ({f"n{n}": 0 for n in range(70_000)}, "", "must not have more than 30 fields, has 70000"),
        ({**ASKED, "tags": [0] * 500_000}, "tags", "must not have more than 20 values, has 500000"),
    ],
    ids=["names", "tags"],
)
def test_far_too_many_of_something_is_one_reason(submit: Submit, source: str, data: Any, field: str, rule: str) -> None:
    [reason] = submit(delivery(submission("ticket.submit", source, data))).data.reasons
    assert (reason["field"], reason["rule"]) == (field, rule)


def test_the_same_reference_of_two_sources_names_two_tickets(submit: Submit, source: str) -> None:
    named = {**ASKED, "external_reference": "alert-6"}
    first = submit(delivery(submission("ticket.submit", source, named)))
    other = submit(delivery(submission("ticket.submit", f"{source}-b", named)))
    taken = submit(delivery(submission("ticket.submit", source, named)))
    assert first.data.ticket_id != other.data.ticket_id
    assert taken.data.reasons[0]["field"] == "external_reference"


def test_who_the_broker_vouches_for_speaks_for_itself_and_a_trusted_bridge_for_anybody(
    submit: Submit, source: str
) -> None:
    own = submit(delivery(submission("ticket.submit", source, ASKED), account=source))
    bridged = submit(delivery(submission("ticket.submit", source, ASKED), account="submitter"))
    assert (own.type, bridged.type) == ("submission.accepted", "submission.accepted")


def opened_and_closed(source: str, named: dict[str, str]) -> list[Delivery]:
    return [
        delivery(submission("ticket.submit", source, {**ASKED, **named})),
        delivery(submission("ticket.close", source, {**named, "reason": "Up again"})),
    ]


def ticket_with(database: Database[Document], ticket_id: str) -> Document:
    found = database["tickets"].find_one({"_id": ticket_id})
    assert found is not None
    return found
