"""What becomes of a delivery, answer by answer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.notify.delivery_repository import from_document, to_document
from services.notify.domain.answer import Accepted, Answer, AnswerLost, PutOff, Refused, ServerAway
from services.notify.domain.delivery import Delivery, DeliveryIsTakenByAnother, DeliveryIsUnderWay, pause_after
from services.notify.handlers.record_answer import record_answer
from services.notify.handlers.write_messages import write_messages
from shared.events.notify import NotificationFailed, NotificationSent
from shared.store.documents import Changes
from tests.unit.notify.cast import CREATED, NOON, TICKET_ID, event
from tests.unit.notify.store import NOTHING, documents

LATER = NOON + timedelta(seconds=8)


def taken(**changed: object) -> Delivery:
    [(_, document)] = write_messages(event(CREATED), NOTHING, NOON).documents
    fields = {"state": "handing_over", "lease": "token-1", "attempts": 1, **changed}
    return replace(from_document(document), **fields)  # type: ignore[arg-type]


def recorded(delivery: Delivery, answer: Answer, *, lease: str = "token-1", may_resend: bool = True) -> Changes:
    return record_answer(
        documents(to_document(delivery)),
        LATER,
        delivery_id=delivery.id,
        lease=lease,
        answer=answer,
        pause=timedelta(seconds=4),
        horizon=timedelta(hours=48),
        may_resend=may_resend,
    )


def after(changes: Changes) -> Delivery:
    [(_, document)] = changes.documents
    return from_document(document)


def test_an_accepted_mail_is_sent_and_announced() -> None:
    changes = recorded(taken(), Accepted())
    assert (after(changes).state, after(changes).due_at, after(changes).lease) == ("sent", None, None)
    [announcement] = changes.events
    assert announcement.sequence == 1
    assert announcement.data == NotificationSent(
        delivery_id=taken().id,
        ticket_id=TICKET_ID,
        message="ticket_received",
        recipient="ana@customer.example",
        channel="email",
        mail_message_id=taken().letter.message_id,
        attempts=1,
        certain=True,
    )


def test_a_mail_refused_for_good_has_failed_and_is_announced() -> None:
    changes = recorded(taken(), Refused("550 no such person"))
    assert after(changes).state == "failed"
    [announcement] = changes.events
    assert isinstance(announcement.data, NotificationFailed)
    assert announcement.data.reason == "550 no such person"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Refused("550 no such person"), "550 no such person"),
        (PutOff("450 later"), "given up after 48 hours: 450 later"),
    ],
)
def test_a_mail_given_up_after_a_doubt_is_announced_as_one_that_may_have_arrived(answer: Answer, reason: str) -> None:
    [announcement] = recorded(taken(doubts=1, tried_since=NOON - timedelta(hours=48)), answer).events
    assert isinstance(announcement.data, NotificationFailed)
    assert announcement.data.reason == (
        f"it may have arrived, the answer to an earlier attempt was lost; the last one: {reason}"
    )


@pytest.mark.parametrize("answer", [PutOff("450 later"), ServerAway("refused")])
def test_a_mail_put_off_waits_for_its_pause(answer: Answer) -> None:
    changes = recorded(taken(), answer)
    assert (after(changes).state, after(changes).due_at) == ("pending", LATER + timedelta(seconds=4))
    assert changes.events == []


def test_a_mail_put_off_for_two_days_has_failed() -> None:
    changes = recorded(taken(tried_since=NOON - timedelta(hours=48)), PutOff("450 later"))
    assert (after(changes).state, after(changes).reason) == ("failed", "given up after 48 hours: 450 later")


def test_a_lost_answer_leaves_the_mail_unknown_and_due_once_more() -> None:
    unknown = after(recorded(taken(), AnswerLost("cut")))
    assert (unknown.state, unknown.due_at, unknown.doubts) == ("unknown", LATER + timedelta(seconds=5), 1)


def test_an_answer_that_comes_late_still_counts_while_nobody_else_took_the_mail() -> None:
    late = recorded(after(recorded(taken(), AnswerLost("cut"))), Accepted())
    assert after(late).state == "sent"


def test_a_mail_whose_answer_is_lost_twice_waits_for_a_person() -> None:
    held = after(recorded(taken(doubts=1), AnswerLost("cut")))
    assert (held.state, held.due_at, held.doubts) == ("held", None, 2)


def test_an_answer_lost_is_counted_once_however_many_find_out() -> None:
    unknown = after(recorded(taken(), AnswerLost("cut")))
    assert after(recorded(unknown, AnswerLost("the sender ended"))) == unknown


def test_an_operator_may_prefer_to_be_asked() -> None:
    assert after(recorded(taken(), AnswerLost("cut"), may_resend=False)).state == "held"


def test_a_mail_sent_again_after_a_lost_answer_is_announced_as_uncertain() -> None:
    [announcement] = recorded(taken(doubts=1), Accepted()).events
    assert isinstance(announcement.data, NotificationSent)
    assert announcement.data.certain is False


def test_a_sender_whose_lease_has_passed_on_is_refused() -> None:
    with pytest.raises(DeliveryIsTakenByAnother):
        recorded(taken(lease="token-2"), Accepted())


def test_a_failed_mail_may_be_tried_again_for_another_two_days() -> None:
    again = taken(state="failed").tried_again("Dana", LATER)
    assert (again.state, again.due_at, again.tried_since) == ("pending", LATER, None)


def test_a_later_announcement_of_the_same_delivery_is_numbered_on() -> None:
    [announcement] = recorded(taken(version=1, announced_at=LATER + timedelta(seconds=1)), Accepted()).events
    assert (announcement.sequence, announcement.time) == (2, LATER + timedelta(seconds=1))


@pytest.mark.parametrize("state", ["pending", "sending", "handing_over", "unknown", "sent", "discarded"])
def test_only_a_failed_or_held_mail_can_be_tried_again(state: str) -> None:
    with pytest.raises(DeliveryIsUnderWay):
        taken(state=state).tried_again("Dana", LATER)


@pytest.mark.parametrize("state", ["sending", "handing_over", "unknown", "sent", "discarded"])
def test_what_is_under_way_or_done_can_not_be_discarded(state: str) -> None:
    with pytest.raises(DeliveryIsUnderWay):
        taken(state=state).discarded("Dana")


@pytest.mark.parametrize(
    ("attempts", "jitter", "seconds"),
    [(1, 0.0, 2.0), (2, 0.0, 4.0), (5, 0.0, 32.0), (5, 1.0, 16.0), (12, 0.0, 3600.0), (5000, 0.0, 3600.0)],
)
def test_pauses_grow_to_an_hour(attempts: int, jitter: float, seconds: float) -> None:
    assert pause_after(attempts, timedelta(seconds=2), jitter) == timedelta(seconds=seconds)
