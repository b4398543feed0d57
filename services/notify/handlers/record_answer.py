"""What a server answered is recorded, and announced when it is final: both in one transaction."""

from datetime import datetime, timedelta

from services.notify.delivery_repository import DELIVERIES, from_document, to_document
from services.notify.domain.answer import Accepted, Answer, AnswerLost, PutOff, Refused, ServerAway
from services.notify.domain.delivery import Delivery
from services.notify.handlers.announcing import announced
from shared.store.documents import Changes, Documents


def record_answer(
    documents: Documents,
    now: datetime,
    *,
    delivery_id: str,
    lease: str,
    answer: Answer,
    pause: timedelta,
    horizon: timedelta,
    may_resend: bool,
) -> Changes:
    """Raises DeliveryIsTakenByAnother for a sender whose lease has passed on."""
    delivery = from_document(documents.get(DELIVERIES, delivery_id) or {}).held_by(lease)
    after = _after(delivery, answer, now, pause, horizon, may_resend)
    if after.state in ("sent", "failed"):
        return announced(after, now)
    return Changes(documents=[(DELIVERIES, to_document(after))])


def _after(
    delivery: Delivery, answer: Answer, now: datetime, pause: timedelta, horizon: timedelta, may_resend: bool
) -> Delivery:
    match answer:
        case Accepted():
            return delivery.sent()
        case Refused(reason):
            return delivery.failed(reason)
        case PutOff(reason) | ServerAway(reason):
            return delivery.put_off(reason, now + pause, horizon)
        case AnswerLost(reason):
            return delivery.in_doubt(reason, now, may_resend=may_resend)
