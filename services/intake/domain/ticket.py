"""The ticket: what it is, what may become of it, and what it says when that happens."""

from dataclasses import dataclass, field
from datetime import datetime

from services.intake.domain.excerpt import excerpt
from services.intake.domain.refusals import (
    ReasonMissing,
    TicketIsClosed,
    TicketIsNotFinished,
    TicketIsNotOnHold,
    TicketIsNotResolved,
    TicketIsOnHold,
    TicketIsRated,
    TicketIsResolved,
)
from services.intake.domain.severity import PRIORITY_OF, judge, more_urgent
from shared.events.intake import (
    TicketAgentReplied,
    TicketClosed,
    TicketCreated,
    TicketEdited,
    TicketNoteAdded,
    TicketPutOnHold,
    TicketRated,
    TicketReopened,
    TicketRequesterReplied,
    TicketResolved,
    TicketResumed,
    TicketTriaged,
)
from shared.events.ticket import Actor, Requester, TicketSnapshot
from shared.refusals import Reason, Refusal

STATUSES = ("new", "open", "on_hold", "resolved", "closed")
_TRIAGED = ("impact", "urgency", "topic", "requester", "priority", "severity")
_EDITED = ("subject", "tags", "custom_fields")
_REFUSED_IN: dict[str, type[Refusal]] = {
    "closed": TicketIsClosed,
    "resolved": TicketIsResolved,
    "on_hold": TicketIsOnHold,
}


@dataclass(frozen=True)
class News:
    """Something to be announced: the ticket's `sequence`-th announcement."""

    data: object
    sequence: int
    time: datetime


@dataclass
class Ticket:
    """`version` counts its announcements, `changed_at` is the time of the last one, `news` are those not saved yet.

    `is_priority_overridden`: a triage has set it. `escalated_to`: the most urgent that an escalation asked for since.
    """

    id: str
    number: str
    subject: str
    requester: Requester
    topic: str
    impact: str
    urgency: str
    channel: str
    created_at: datetime
    changed_at: datetime
    status: str = "new"
    severity: str = ""
    severity_reason: str = ""
    priority: str = ""
    is_priority_overridden: bool = False
    escalated_to: str | None = None
    triage_reason: str = ""
    tags: tuple[str, ...] = ()
    custom_fields: dict[str, str] = field(default_factory=dict)
    external_reference: str | None = None
    follows: str | None = None
    mail_message_id: str | None = None  # the requester's latest mail, which our answers answer
    resolution: str | None = None
    rating: int | None = None
    first_responded_at: datetime | None = None
    version: int = 0
    news: list[News] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.severity:
            self._judge()

    def snapshot(self) -> TicketSnapshot:
        return TicketSnapshot(
            self.id,
            self.number,
            self.subject,
            self.requester,
            self.topic,
            self.impact,
            self.urgency,
            self.severity,
            self.priority,
            self.status,
            self.created_at,
            self.tags,
            self.custom_fields,
        )

    def arrive(self, entry_id: str, text: str, actor: Actor, now: datetime, *, automatic: bool = False) -> None:
        opening = excerpt(text)
        created = TicketCreated(
            self.snapshot(),
            actor,
            self.channel,
            entry_id,
            opening,
            self.severity_reason,
            self.external_reference,
            self.mail_message_id,
            automatic,
            self.follows,
            is_cut=opening != text,
        )
        self._say(created, now)

    def open(self) -> None:
        """`new → open`, the first action of an agent. Not announced: the next announcement shows it."""
        if self.status == "new":
            self.status = "open"

    def put_on_hold(self, reason: str, actor: Actor, now: datetime) -> None:
        self._must_be("new", "open")
        self.status = "on_hold"
        self._say(TicketPutOnHold(self.snapshot(), actor, reason), now)

    def resume(self, reason: str, actor: Actor, now: datetime) -> None:
        self._must_be("on_hold", otherwise=TicketIsNotOnHold)
        self.status = "open"
        self._say(TicketResumed(self.snapshot(), actor, reason), now)

    def resolve(self, resolution: str, actor: Actor, now: datetime) -> None:
        self._must_be("new", "open", "on_hold")
        self.status, self.resolution = "resolved", resolution
        self._responded(now)
        self._say(TicketResolved(self.snapshot(), actor, resolution, self.mail_message_id), now)

    def reopen(self, reason: str, actor: Actor, now: datetime) -> None:
        self._must_be("resolved", otherwise=TicketIsNotResolved)
        self.status, self.resolution = "open", None
        self._say(TicketReopened(self.snapshot(), actor, reason), now)

    def close(self, reason: str, actor: Actor, now: datetime) -> None:
        self._must_be("new", "open", "on_hold", "resolved")
        if self.status != "resolved" and not reason:
            missing = Reason("reason", "is required while the ticket is not resolved", "Say why, e.g. spam.")
            raise ReasonMissing("Send a reason, or resolve the ticket first.", (missing,))
        self.status = "closed"
        self._say(TicketClosed(self.snapshot(), actor, reason), now)

    def take_agent_reply(self, entry_id: str, text: str, actor: Actor, now: datetime) -> None:
        """To a resolved ticket too: it stays resolved."""
        self._must_not_be_closed()
        self.open()
        self._responded(now)
        opening, answered = excerpt(text), self.mail_message_id
        self._say(TicketAgentReplied(self.snapshot(), actor, entry_id, opening, answered, opening != text), now)

    def take_requester_reply(
        self,
        entry_id: str,
        text: str,
        channel: str,
        actor: Actor,
        now: datetime,
        *,
        mail_message_id: str | None = None,
        automatic: bool = False,
        by_machine: bool = False,
    ) -> None:
        """Resumes a ticket on hold and reopens a resolved one, unless a machine wrote it (out of office)."""
        self._must_not_be_closed()
        self.mail_message_id = mail_message_id or self.mail_message_id
        opening = excerpt(text)
        self._say(
            TicketRequesterReplied(
                self.snapshot(), actor, channel, entry_id, opening, mail_message_id, automatic, is_cut=opening != text
            ),
            now,
        )
        if by_machine:
            return
        if self.status == "on_hold":
            self.resume("the requester replied", actor, now)
        elif self.status == "resolved":
            self.reopen("the requester replied", actor, now)

    def take_note(self, entry_id: str, actor: Actor, now: datetime) -> None:
        """In any status: a note is for ourselves."""
        self.open()
        self._say(TicketNoteAdded(self.snapshot(), actor, entry_id), now)

    def triage(
        self,
        reason: str,
        actor: Actor,
        now: datetime,
        *,
        impact: str | None = None,
        urgency: str | None = None,
        topic: str | None = None,
        priority: str | None = None,
        requester: Requester | None = None,
    ) -> None:
        """What is None stays. A priority that is set here no longer follows severity and escalations: news by itself.

        `requester`: as he is known now.
        """
        self._must_not_be_closed()
        before = [getattr(self, name) for name in _TRIAGED]
        followed = self.is_priority_overridden, self.escalated_to
        self.requester = requester or self.requester
        self.impact, self.urgency, self.topic = impact or self.impact, urgency or self.urgency, topic or self.topic
        if priority is not None:
            self.priority, self.is_priority_overridden, self.escalated_to = priority, True, None
        self._judge()
        changed = tuple(name for name, old in zip(_TRIAGED, before, strict=True) if getattr(self, name) != old)
        if (self.is_priority_overridden, self.escalated_to) != followed and "priority" not in changed:
            changed += ("priority",)
        if changed:
            self.triage_reason = reason
            self._say(TicketTriaged(self.snapshot(), actor, reason, changed), now)

    def escalate(self, priority: str, reason: str, actor: Actor, now: datetime) -> None:
        """Raises the priority, never lowers it. It stays a floor, also where it raises nothing yet."""
        self._must_not_be_closed()
        self.escalated_to = more_urgent(priority, self.escalated_to or priority)
        raised = more_urgent(priority, self.priority)
        if raised != self.priority:
            self.priority, self.triage_reason = raised, reason
            self._say(TicketTriaged(self.snapshot(), actor, reason, ("priority",)), now)

    def edit(
        self,
        actor: Actor,
        now: datetime,
        *,
        subject: str | None = None,
        tags: tuple[str, ...] | None = None,
        custom_fields: dict[str, str] | None = None,
    ) -> None:
        """What is None stays."""
        self._must_not_be_closed()
        before = [getattr(self, name) for name in _EDITED]
        self.subject = self.subject if subject is None else subject
        self.tags = self.tags if tags is None else tags
        self.custom_fields = self.custom_fields if custom_fields is None else custom_fields
        changed = tuple(name for name, old in zip(_EDITED, before, strict=True) if getattr(self, name) != old)
        if changed:
            self._say(TicketEdited(self.snapshot(), actor, changed), now)

    def rate(self, score: int, comment: str, actor: Actor, now: datetime) -> None:
        if self.status not in ("resolved", "closed"):
            raise TicketIsNotFinished(f"Ticket {self.number} is {self.status}.")
        if self.rating is not None:
            raise TicketIsRated(f"Ticket {self.number} was rated {self.rating}.")
        self.rating = score
        self._say(TicketRated(self.snapshot(), actor, score, comment), now)

    def _responded(self, now: datetime) -> None:
        self.first_responded_at = self.first_responded_at or now

    def _judge(self) -> None:
        self.severity, self.severity_reason = judge(self.impact, self.urgency, is_vip=self.requester.vip)
        if not self.is_priority_overridden:
            by_severity = PRIORITY_OF[self.severity]
            self.priority = more_urgent(by_severity, self.escalated_to or by_severity)

    def _must_be(self, *allowed: str, otherwise: type[Refusal] | None = None) -> None:
        self._must_not_be_closed()
        if self.status not in allowed:
            refusal = otherwise or _REFUSED_IN[self.status]
            raise refusal(f"Ticket {self.number} is {self.status}.")

    def _must_not_be_closed(self) -> None:
        if self.status == "closed":
            raise TicketIsClosed(f"Ticket {self.number} is closed for good. Open a new one.")

    def _say(self, data: object, now: datetime) -> None:
        self.version += 1
        self.changed_at = max(now, self.changed_at)
        self.news.append(News(data, self.version, self.changed_at))
