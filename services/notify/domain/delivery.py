"""One message to one person by one channel, and what becomes of it.

    pending -> sending -> handing_over -> sent
                  |             +-------> unknown -> sending (once more) or held
                  +-> pending (put off), failed

`due_at` is when a sender should look at it: the next try, or the moment when a sender's lease on it ends. A delivery
that is due in `sending` was surely not handed over; one that is due in `handing_over` may have been.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.notify.domain.rules import Recipient
from shared.access.signed_link import Link
from shared.refusals import Refusal

LONGEST_PAUSE = timedelta(hours=1)
LONG_IN_VAIN = timedelta(minutes=15)  # of tries: a person should look at the mail server
LATE_ANSWER = timedelta(seconds=5)  # for an answer that is known, but could not be recorded while the store was away


class DeliveryIsTakenByAnother(Refusal):
    title = "Another sender holds this delivery"


class DeliveryIsUnderWay(Refusal):
    title = "This delivery is not waiting for a person"


@dataclass(frozen=True)
class Letter:
    """What is said, fixed when the event is heard. `references` are Message-IDs.

    A `link` that lets its reader in stands in the texts with `link_mark` instead of its signature: who reads deliveries
    can't use it. Letters that are older than marks have a link and no mark.
    """

    subject: str
    text: str
    html: str
    message_id: str
    in_reply_to: str | None
    references: tuple[str, ...]
    auto_submitted: str | None
    link: Link | None = None
    link_mark: str | None = None


@dataclass(frozen=True)
class Delivery:
    """`doubts` counts the times when it was handed over and the answer was lost.

    `ticket_id` and `ticket_number` are None where it is about no ticket; `tried_since` is None until a sender takes it.
    """

    id: str
    event_id: str
    correlation_id: str
    traceparent: str | None
    message: str
    channel: str
    ticket_id: str | None
    ticket_number: str | None
    recipient: Recipient
    letter: Letter
    created_at: datetime
    due_at: datetime | None
    tried_since: datetime | None = None
    state: str = "pending"
    attempts: int = 0
    doubts: int = 0
    lease: str | None = None
    reason: str = ""
    announced_at: datetime | None = None
    version: int = 0

    def held_by(self, lease: str) -> "Delivery":
        """Raises DeliveryIsTakenByAnother when the lease has passed on since."""
        if self.lease != lease:
            raise DeliveryIsTakenByAnother(f"The lease on {self.id} has passed to another sender.")
        return self

    def sent(self) -> "Delivery":
        return replace(self, state="sent", due_at=None, lease=None, reason="")

    def failed(self, reason: str) -> "Delivery":
        """Where an earlier answer was lost, the reason says that it may have arrived then."""
        if self.doubts:
            reason = f"it may have arrived, the answer to an earlier attempt was lost; the last one: {reason}"
        return replace(self, state="failed", due_at=None, lease=None, reason=reason)

    def put_off(self, reason: str, until: datetime, horizon: timedelta) -> "Delivery":
        if self.tried_since and until > self.tried_since + horizon:
            return self.failed(f"given up after {horizon.total_seconds() / 3600:g} hours: {reason}")
        return replace(self, state="pending", due_at=until, lease=None, reason=reason)

    def in_doubt(self, reason: str, now: datetime, *, may_resend: bool) -> "Delivery":
        """The lease is kept: until another sender takes it, an answer that comes late still counts."""
        is_resent = may_resend and self.doubts == 0
        return replace(
            self,
            state="unknown" if is_resent else "held",
            due_at=now + LATE_ANSWER if is_resent else None,
            doubts=self.doubts + 1,
            reason=reason,
        )

    def tried_again(self, by: str, now: datetime) -> "Delivery":
        if self.state not in ("failed", "held"):
            raise DeliveryIsUnderWay(f"It is {self.state}. Only a failed or held one can be sent again.")
        return replace(self, state="pending", due_at=now, tried_since=None, lease=None, reason=f"sent again by {by}")

    def discarded(self, by: str) -> "Delivery":
        if self.state not in ("failed", "held", "pending"):
            raise DeliveryIsUnderWay(f"It is {self.state}. Only a pending, failed or held one can be discarded.")
        return replace(self, state="discarded", due_at=None, lease=None, reason=f"discarded by {by}")


def pause_after(attempts: int, first: timedelta, jitter: float) -> timedelta:
    """Doubled with each attempt up to an hour; `jitter` (0 to 1) takes off up to half of it."""
    doubled: timedelta = first * 2 ** min(attempts - 1, 20)
    return min(doubled, LONGEST_PAUSE) * (1 - jitter / 2)
