"""An account of the broker speaks for nobody but itself, and a mail proves nothing about its sender."""

from typing import Any

from services.intake.number_blocks import NumberBlocks
from services.intake.submissions.reader import reader
from shared.events.envelope import Event, decode
from shared.messaging.consumer import Delivery
from shared.store.unit_of_work import UnitOfWork
from tests.integration.intake.doors import delivery, submission
from tests.support.intake_desk import ASKED, Desk
from tests.support.mails import mail


def verdict_on(desk: Desk, sent: Delivery) -> Event[Any]:
    work = reader(NumberBlocks(desk.database).take, {"submitter": "*"})(sent)
    UnitOfWork(desk.database, "intake").run([work])
    row = desk.database["event_log"].find_one({"subject": work.keys[0].value}, sort=[("sequence", -1)]) or {}
    return decode(row["body"])


def test_a_forged_source_is_rejected_by_name_and_has_no_effect(desk: Desk) -> None:
    named = {"external_reference": "invoice-1"}
    opened = verdict_on(desk, delivery(submission("ticket.submit", "billing", {**ASKED, **named}), account="billing"))
    forged = submission("ticket.close", "billing", {**named, "reason": "Nothing to see"})
    refused = verdict_on(desk, delivery(forged, "reply.eve", account="eve"))
    assert refused.type == "submission.rejected"
    assert [reason["field"] for reason in refused.data.reasons] == ["source"]
    assert desk.announced(opened.data.ticket_id) == ["ticket.created"]


def test_a_forger_neither_hears_of_anothers_submission_nor_takes_its_name(desk: Desk) -> None:
    genuine = submission("ticket.submit", "billing", ASKED)
    early = verdict_on(desk, delivery(genuine, "reply.eve", account="eve"))
    assert (early.type, early.data.submission_source) == ("submission.rejected", "eve")
    accepted = verdict_on(desk, delivery(genuine, account="billing"))
    assert accepted.type == "submission.accepted"
    late = verdict_on(desk, delivery(genuine, "reply.eve", account="eve"))
    assert late.type == "submission.rejected"
    assert accepted.data.ticket_id not in str(late.data)


def test_a_sender_is_no_proof(desk: Desk) -> None:
    ticket = desk.open_ticket()
    taken = desk.take_mail(mail("It is me, Ana.", sender="ana@customer.example", subject=f"Re: {ticket['number']}"))
    assert taken["outcome"] == "opened"
    assert desk.announced(ticket["id"]) == ["ticket.created"]
