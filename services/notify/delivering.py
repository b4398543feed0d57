"""What a sender does: takes a due delivery, hands it to the mail server, records the answer; a few at a time."""

import logging
import random
import threading
import time
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial

from pymongo.errors import PyMongoError

from services.notify import letter, metrics
from services.notify.delivery_repository import DELIVERIES
from services.notify.domain.answer import Answer, AnswerLost, PutOff, Refused, ServerAway
from services.notify.domain.delivery import Delivery, DeliveryIsTakenByAnother, pause_after
from services.notify.handlers.record_answer import record_answer
from services.notify.mail_address import sender
from services.notify.outbox import Outbox
from services.notify.server_pause import ServerPause
from services.notify.settings import SenderSettings
from services.notify.smtp import Mailer
from shared import logs, status_server, tracing
from shared.health import Health, store_answers, threads_run
from shared.http.committer import Committer
from shared.settings import status_address
from shared.store.documents import Cause, Key
from shared.store.failures import StoreUnavailable, words
from shared.store.unit_of_work import Work
from shared.threads import join_within

LOOK_SECONDS = 1.0
STOP_SECONDS = 12.0
_log = logging.getLogger(__name__)


class Sender:
    """`mail_from` as in the header: a name and an address, which is also the envelope's sender."""

    def __init__(self, outbox: Outbox, committer: Committer, settings: SenderSettings, mail_from: str) -> None:
        self._outbox, self._committer, self._settings = outbox, committer, settings
        self._mail_from = mail_from
        self._server_pause = ServerPause(settings.first_pause)
        self._arrived = threading.BoundedSemaphore(settings.threads)
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        """Until `stop` is called; what is in hand is finished first.

        A mail server that takes longer than STOP_SECONDS for it is left: before the final dot it forgets the mail, and
        after it the delivery is in doubt, as if the connection had been lost.
        """
        threads = [
            threading.Thread(target=self._send, name=f"sender-{n}", daemon=True) for n in range(self._settings.threads)
        ]
        watching = threading.Thread(
            target=self._outbox.watch, name="outbox", args=(self._arrived, self._stopping), daemon=True
        )
        threads.append(watching)
        for thread in threads:
            thread.start()
        tracing.configure("notify-sender")
        metrics.show(self._outbox.database)
        health = Health("notify-sender", [threads_run(threads)], [store_answers(self._outbox.database)])
        with status_server.opened(status_address(), health):
            _log.info("notify sender: up")
            self._look_after_orphans()
            join_within(STOP_SECONDS, threads)
        _log.info("notify sender: stopped")

    def mailer(self) -> Mailer:
        settings = self._settings
        return Mailer(settings.smtp_host, settings.smtp_port, seconds=0.8 * settings.lease.total_seconds())

    def deliver_one(self, mailer: Mailer) -> bool:
        """False when nothing is due."""
        delivery = self._outbox.take()
        if delivery is None:
            return False
        with _about(delivery):
            try:
                answer = self._hand_over(mailer, delivery)
            except DeliveryIsTakenByAnother:
                _log.warning("notify sender: a mail was not handed over, its lease had ended")
            else:
                self._record(delivery, answer)
        return True

    def doubt_orphans(self) -> None:
        for delivery in self._outbox.orphans():
            with _about(delivery):
                _log.warning("notify sender: nobody knows whether a mail was sent")
                self._record(delivery, AnswerLost("the sender ended before it recorded an answer"))

    def _look_after_orphans(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                self.doubt_orphans()
            except PyMongoError as error:
                _log.warning("notify sender: the store is away: %s", words(error))

    def _send(self) -> None:
        mailer = self.mailer()
        while not self._stopping.is_set():
            if (pause := self._server_pause.remaining()) > 0:
                self._stopping.wait(pause)
                continue
            try:
                if not self.deliver_one(mailer):
                    self._arrived.acquire(timeout=LOOK_SECONDS)
            except PyMongoError as error:
                _log.warning("notify sender: the store is away: %s", words(error))
                self._stopping.wait(LOOK_SECONDS)
            except Exception:
                _log.exception("notify sender: unexpected failure")
                self._stopping.wait(LOOK_SECONDS)
        mailer.close()

    def _hand_over(self, mailer: Mailer, delivery: Delivery) -> Answer:
        began = time.time()
        try:
            mail = letter.to_bytes(delivery, self._mail_from)
        except ValueError as error:
            return Refused(f"the mail can't be written: {error}"[:500])
        try:
            answer = mailer.hand_over(
                sender(self._mail_from).addr_spec,
                delivery.recipient.address,
                mail,
                before_dot=lambda: self._outbox.mark_handing_over(delivery),
            )
        except PyMongoError as error:
            return PutOff(f"the store was away before the final dot: {error}"[:500])
        own = tracing.next_hop(delivery.traceparent)
        tracing.record("hand mail over", "client", own, delivery.traceparent, began, delivery=delivery.id)
        return answer

    def _record(self, delivery: Delivery, answer: Answer) -> None:
        metrics.ANSWERS.labels(type(answer).__name__).inc()
        if isinstance(answer, ServerAway):
            _log.warning("notify sender: the mail server is away: %s", answer.reason)
            pause = self._server_pause.begin()
        else:
            self._server_pause.end()
            pause = pause_after(delivery.attempts, self._settings.first_pause, random.random())
        work = self._work(delivery, answer, pause)
        while True:
            try:
                self._committer.run(work)
            except DeliveryIsTakenByAnother:
                _log.warning("notify sender: a mail server's answer came after the lease")
            except StoreUnavailable as error:
                _log.warning("notify sender: a mail server's answer waits for the store: %s", error)
                if not self._stopping.is_set():
                    continue
            return

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


def _about(delivery: Delivery) -> AbstractContextManager[None]:
    """What the lines of a thread are about while it has this delivery in hand."""
    return logs.about(
        delivery=delivery.id,
        event=delivery.event_id,
        ticket=delivery.ticket_id,
        correlation=delivery.correlation_id,
        trace=tracing.trace_id(delivery.traceparent),
    )
