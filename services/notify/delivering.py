"""What a sender does: takes a due delivery, hands it to the mail server, records the answer; a few at a time."""

import logging
import random
import threading
from datetime import timedelta
from functools import partial

from pymongo.errors import PyMongoError

from services.notify import letter
from services.notify.delivery_repository import DELIVERIES
from services.notify.domain.answer import Answer, AnswerLost, PutOff, Refused, ServerAway
from services.notify.domain.delivery import Delivery, DeliveryIsTakenByAnother, pause_after
from services.notify.handlers.record_answer import record_answer
from services.notify.outbox import Outbox
from services.notify.server_pause import ServerPause
from services.notify.settings import SenderSettings
from services.notify.smtp import Mailer
from shared.http.committer import Committer
from shared.moments import utc_now
from shared.store.documents import Cause, Key
from shared.store.failures import StoreUnavailable
from shared.store.unit_of_work import Work

LOOK_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Sender:
    """`mail_from` as in the header: a name and an address, which is also the envelope's sender."""

    def __init__(self, outbox: Outbox, committer: Committer, settings: SenderSettings, mail_from: str) -> None:
        self._outbox, self._committer, self._settings = outbox, committer, settings
        self._mail_from = mail_from
        self._server_pause = ServerPause(settings.first_pause)

    def run(self, stopping: threading.Event) -> None:
        """Until `stopping` is set; what is in hand is finished first."""
        arrived = threading.Event()
        threads = [threading.Thread(target=self._send, args=(arrived, stopping)) for _ in range(self._settings.threads)]
        threads.append(threading.Thread(target=self._outbox.watch, args=(arrived, stopping)))
        for thread in threads:
            thread.start()
        _log.info("notify sender: up")
        while not stopping.wait(LOOK_SECONDS):
            try:
                self.doubt_orphans()
            except (PyMongoError, StoreUnavailable) as error:
                _log.warning("notify sender: the store is away: %s", error)
        for thread in threads:
            thread.join()
        _log.info("notify sender: stopped")

    def mailer(self) -> Mailer:
        settings = self._settings
        return Mailer(settings.smtp_host, settings.smtp_port, seconds=0.8 * settings.lease.total_seconds())

    def deliver_one(self, mailer: Mailer) -> bool:
        """False when nothing is due."""
        delivery = self._outbox.take()
        if delivery is None:
            return False
        try:
            answer = self._hand_over(mailer, delivery)
        except DeliveryIsTakenByAnother:
            _log.warning("notify sender: %s was not handed over, its lease had ended", delivery.id)
        else:
            self._record(delivery, answer)
        return True

    def doubt_orphans(self) -> None:
        for delivery in self._outbox.orphans():
            _log.warning("notify sender: nobody knows whether %s was sent", delivery.id)
            self._record(delivery, AnswerLost("the sender ended before it recorded an answer"))

    def _send(self, arrived: threading.Event, stopping: threading.Event) -> None:
        mailer = self.mailer()
        while not stopping.is_set():
            if (pause := self._server_pause.remaining()) > 0:
                stopping.wait(pause)
                continue
            arrived.clear()
            try:
                if not self.deliver_one(mailer):
                    arrived.wait(LOOK_SECONDS)
            except (PyMongoError, StoreUnavailable) as error:
                _log.warning("notify sender: the store is away: %s", error)
                stopping.wait(LOOK_SECONDS)
            except Exception:
                _log.exception("notify sender: unexpected failure")
                stopping.wait(LOOK_SECONDS)
        mailer.close()

    def _hand_over(self, mailer: Mailer, delivery: Delivery) -> Answer:
        try:
            mail = letter.to_bytes(delivery, self._mail_from, utc_now())
        except ValueError as error:
            return Refused(f"the mail can't be written: {error}"[:500])
        try:
            return mailer.hand_over(
                letter.address_of(self._mail_from),
                delivery.recipient.address,
                mail,
                before_dot=lambda: self._outbox.mark_handing_over(delivery),
            )
        except PyMongoError as error:
            return PutOff(f"the store was away before the final dot: {error}"[:500])

    def _record(self, delivery: Delivery, answer: Answer) -> None:
        if isinstance(answer, ServerAway):
            _log.warning("notify sender: the mail server is away: %s", answer.reason)
            pause = self._server_pause.begin()
        else:
            self._server_pause.end()
            pause = pause_after(delivery.attempts, self._settings.first_pause, random.random())
        try:
            self._committer.run(self._work(delivery, answer, pause))
        except DeliveryIsTakenByAnother:
            _log.warning("notify sender: the answer about %s came after its lease", delivery.id)

    def _work(self, delivery: Delivery, answer: Answer, pause: timedelta) -> Work:
        run = partial(
            record_answer,
            delivery_id=delivery.id,
            lease=delivery.lease or "",
            answer=answer,
            pause=pause,
            horizon=self._settings.horizon,
            may_resend=self._settings.may_resend,
        )
        cause = Cause(delivery.correlation_id, delivery.event_id, delivery.traceparent)
        return Work(run, cause, [Key(DELIVERIES, delivery.id)])
