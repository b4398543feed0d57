"""A sender between a real store and a real mail server: every answer, and every place where one can be lost."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.notify.delivering import Sender
from services.notify.domain.delivery import DeliveryIsTakenByAnother
from services.notify.handlers.write_messages import write_messages
from services.notify.outbox import Outbox
from services.notify.smtp import Mailer
from tests.integration.notify.conftest import Desk, MakeSender
from tests.support.eventually import eventually
from tests.support.smtp_server import CUT, SILENCE, SmtpServer, free_port, smtp_server
from tests.unit.notify.cast import BREACHED, CREATED, event
from tests.unit.notify.store import NOTHING


@contextmanager
def running(*senders: Sender) -> Iterator[None]:
    threads = [threading.Thread(target=sender.run) for sender in senders]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for sender in senders:
            sender.stop()
        for thread in threads:
            thread.join()


def deliver(sender: Sender) -> None:
    mailer = sender.mailer()
    assert sender.deliver_one(mailer)
    mailer.close()


def test_a_mail_is_sent_once_and_announced(desk: Desk, server: SmtpServer, make_sender: MakeSender) -> None:
    delivery_id = desk.hears(CREATED)
    deliver(make_sender())
    assert not make_sender().deliver_one(make_sender().mailer())
    [mail] = server.mails
    assert (mail.sender, mail.recipient) == ("help@desk.example", "ana@customer.example")
    assert mail.message["Subject"] == "We have your request [#100001]"
    assert mail.message_id == desk.delivery(delivery_id)["letter"]["message_id"]
    [announced] = desk.announced()
    assert (announced.type, announced.subject, announced.sequence) == ("notification.sent", delivery_id, 1)
    assert (announced.correlation_id, announced.data.attempts, announced.data.certain) == ("chain-1", 1, True)


def test_two_senders_at_work_share_what_is_due(desk: Desk, server: SmtpServer, make_sender: MakeSender) -> None:
    with running(make_sender(threads=3), make_sender(threads=3)):
        ids = {desk.hears(CREATED) for _ in range(40)}
        eventually(lambda: desk.database["deliveries"].count_documents({"state": "sent"}), lambda n: n == 40)
    assert len(server.mails) == 40
    assert len({mail.message_id for mail in server.mails}) == 40
    assert {event.subject for event in desk.announced()} == ids
    assert server.connections <= 6


@pytest.mark.parametrize("phase", ["MAIL", "RCPT", "DATA", "DOT"])
def test_a_mail_put_off_is_tried_again_later(
    phase: str, desk: Desk, server: SmtpServer, make_sender: MakeSender
) -> None:
    server.script(phase, "451 try later")
    delivery_id, sender = desk.hears(), make_sender()
    before = datetime.now(UTC)
    deliver(sender)
    waiting = desk.delivery(delivery_id)
    assert (waiting["state"], waiting["doubts"]) == ("pending", 0)
    assert "451 try later" in waiting["reason"]
    assert timedelta(seconds=0.9) < waiting["due_at"] - before < timedelta(seconds=10)
    desk.is_made_due(delivery_id)
    deliver(sender)
    assert desk.delivery(delivery_id)["state"] == "sent"
    assert [event.data.attempts for event in desk.announced()] == [2]


def test_the_two_days_of_a_mail_begin_when_a_sender_first_tries_it(
    desk: Desk, server: SmtpServer, make_sender: MakeSender
) -> None:
    monday = datetime.now(UTC)
    [(_, written_on_friday)] = write_messages(event(CREATED), NOTHING, monday - timedelta(days=3)).documents
    desk.database["deliveries"].insert_one({**written_on_friday, "revision": 1})
    server.script("RCPT", "451 try later", "451 try later")
    deliver(make_sender())
    assert desk.delivery(written_on_friday["_id"])["state"] == "pending"
    desk.is_made_due(written_on_friday["_id"])
    deliver(make_sender(horizon=timedelta(0)))
    assert desk.delivery(written_on_friday["_id"])["reason"].startswith("given up after 0 hours: 451 try later")


@pytest.mark.parametrize("phase", ["MAIL", "RCPT", "DATA", "DOT"])
def test_a_mail_refused_for_good_fails_and_holds_up_nobody(
    phase: str, desk: Desk, server: SmtpServer, make_sender: MakeSender
) -> None:
    server.script(phase, "550 no such person here")
    desk.hears(BREACHED)
    sender = make_sender()
    mailer = sender.mailer()
    assert sender.deliver_one(mailer)
    assert sender.deliver_one(mailer)
    mailer.close()
    failed, sent = desk.announced()
    assert (failed.type, sent.type) == ("notification.failed", "notification.sent")
    assert "550 no such person here" in failed.data.reason
    assert {failed.data.recipient, sent.data.recipient} == {"ben@desk.example", "dana@desk.example"}
    assert server.connections == 1


@pytest.mark.parametrize(
    ("phase", "reply"),
    [
        ("CONNECT", CUT),
        ("CONNECT", "421 too busy"),
        ("CONNECT", "554 no service here"),
        ("MAIL", CUT),
        ("RCPT", CUT),
        ("DATA", CUT),
        ("RCPT", "421 closing"),
    ],
)
def test_a_connection_lost_before_the_dot_leaves_no_doubt(
    phase: str, reply: str, desk: Desk, server: SmtpServer, make_sender: MakeSender
) -> None:
    server.script(phase, reply)
    delivery_id, sender = desk.hears(), make_sender()
    deliver(sender)
    assert (desk.delivery(delivery_id)["state"], desk.delivery(delivery_id)["doubts"]) == ("pending", 0)
    desk.is_made_due(delivery_id)
    deliver(sender)
    assert [event.data.certain for event in desk.announced()] == [True]
    assert len(server.mails) == 1


def test_an_answer_lost_after_the_dot_is_unknown_and_resent_once_with_the_same_message_id(
    desk: Desk, server: SmtpServer, make_sender: MakeSender
) -> None:
    server.script("DOT", CUT)
    delivery_id, sender = desk.hears(), make_sender()
    deliver(sender)
    assert desk.delivery(delivery_id)["state"] == "unknown"
    desk.is_made_due(delivery_id)
    deliver(sender)
    assert desk.delivery(delivery_id)["state"] == "sent"
    first, second = server.mails
    assert first.message_id == second.message_id
    assert [event.data.certain for event in desk.announced()] == [False]


def test_several_senders_that_find_the_same_orphan_doubt_it_once(
    desk: Desk, server: SmtpServer, make_sender: MakeSender
) -> None:
    delivery_id = desk.hears()
    outbox = Outbox(desk.database, timedelta(seconds=20))
    taken = outbox.take()
    assert taken is not None
    outbox.mark_handing_over(taken)
    desk.is_made_due(delivery_id)
    finders = [threading.Thread(target=make_sender().doubt_orphans) for _ in range(4)]
    for finder in finders:
        finder.start()
    for finder in finders:
        finder.join()
    assert (desk.delivery(delivery_id)["state"], desk.delivery(delivery_id)["doubts"]) == ("unknown", 1)


def test_a_mail_is_resent_only_once(desk: Desk, server: SmtpServer, make_sender: MakeSender) -> None:
    server.script("DOT", CUT, CUT)
    delivery_id, sender = desk.hears(), make_sender()
    deliver(sender)
    desk.is_made_due(delivery_id)
    deliver(sender)
    assert desk.delivery(delivery_id)["state"] == "held"
    assert not sender.deliver_one(sender.mailer())
    assert len(server.mails) == 2


def test_a_mail_whose_answer_is_lost_is_held_where_the_operator_prefers_it(
    desk: Desk, server: SmtpServer, make_sender: MakeSender
) -> None:
    server.script("DOT", CUT)
    delivery_id = desk.hears()
    deliver(make_sender(may_resend=False))
    assert desk.delivery(delivery_id)["state"] == "held"
    assert desk.announced() == []


def test_a_server_that_never_answers_is_left_in_time(desk: Desk, server: SmtpServer, make_sender: MakeSender) -> None:
    server.script("DOT", SILENCE)
    delivery_id = desk.hears()
    deliver(make_sender(lease=timedelta(seconds=1)))
    assert desk.delivery(delivery_id)["state"] == "unknown"


def test_the_mail_is_marked_before_the_dot_and_not_sent_if_the_lease_has_ended(
    desk: Desk, server: SmtpServer, make_sender: MakeSender
) -> None:
    delivery_id = desk.hears()
    outbox = Outbox(desk.database, timedelta(seconds=20))
    taken = outbox.take()
    assert taken is not None
    desk.is_made_due(delivery_id)
    with pytest.raises(DeliveryIsTakenByAnother):
        outbox.mark_handing_over(taken)
    mailer = Mailer(server.host, server.port, seconds=10)
    with pytest.raises(DeliveryIsTakenByAnother):
        mailer.hand_over("a@desk.example", "b@desk.example", b"x\r\n", lambda: outbox.mark_handing_over(taken))
    deliver(make_sender())
    assert len(server.mails) == 1


def test_a_sender_frozen_past_its_lease_can_record_nothing_over_another(
    desk: Desk, server: SmtpServer, make_sender: MakeSender
) -> None:
    delivery_id, frozen = desk.hears(), make_sender()
    mailer = frozen.mailer()
    hand_over = mailer.hand_over

    def freeze_after_the_dot(*mail: object, **how: object) -> object:
        answer = hand_over(*mail, **how)  # type: ignore[arg-type]
        desk.is_made_due(delivery_id)  # the lease ends before the answer is recorded
        other = make_sender()
        other.doubt_orphans()
        desk.is_made_due(delivery_id)
        deliver(other)
        return answer

    mailer.hand_over = freeze_after_the_dot  # type: ignore[method-assign,assignment]
    assert frozen.deliver_one(mailer)
    mailer.close()
    assert [(e.sequence, e.data.certain, e.data.attempts) for e in desk.announced()] == [(1, False, 2)]
    assert len({mail.message_id for mail in server.mails}) == 1


def test_a_mail_that_can_not_be_written_fails_alone(desk: Desk, server: SmtpServer, make_sender: MakeSender) -> None:
    requester = replace(CREATED.ticket.requester, address="ana@customer.example\r\nDATA")
    desk.hears(replace(CREATED, ticket=replace(CREATED.ticket, requester=requester)))
    deliver(make_sender())
    [announced] = desk.announced()
    assert announced.type == "notification.failed"
    assert server.connections == 0


def test_a_server_that_is_down_is_left_alone_for_a_while_and_then_gets_everything_once(
    desk: Desk, make_sender: MakeSender
) -> None:
    port = free_port()
    quick = {"smtp_port": port, "first_pause": timedelta(seconds=0.2)}
    with running(make_sender(**quick)):
        for _ in range(10):
            desk.hears()
        eventually(lambda: desk.database["deliveries"].count_documents({"attempts": {"$gt": 0}}), lambda n: n > 0)
        with smtp_server(port) as back:
            eventually(lambda: desk.database["deliveries"].count_documents({"state": "sent"}), lambda n: n == 10)
            assert len(back.mails) == 10
    assert all(event.data.certain for event in desk.announced())
