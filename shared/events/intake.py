"""What intake announces: the ticket's own life, its requesters, and its answers to submissions."""

from dataclasses import dataclass
from datetime import datetime

from shared.events import access
from shared.events.ticket import Actor, Requester, TicketSnapshot


@dataclass(frozen=True)
class TicketCreated:
    """A ticket came in."""

    ticket: TicketSnapshot
    actor: Actor
    channel: str  # http, amqp, email
    entry_id: str
    text: str  # the first 16,000 bytes of what was written
    severity_reason: str  # e.g. "impact high × urgency medium, raised one step: VIP requester"
    external_reference: str | None = None
    mail_message_id: str | None = None  # the requester's own mail, for In-Reply-To
    automatic: bool = False  # it gets no automatic answer: a machine's or a list's (RFC 3834), or too many came
    follows: str | None = None  # the closed ticket that this one goes on from
    is_cut: bool = False  # `text` is only the beginning


@dataclass(frozen=True)
class TicketTriaged:
    """What its severity and priority follow from was changed."""

    ticket: TicketSnapshot
    actor: Actor
    reason: str
    changed: tuple[str, ...]  # of impact, urgency, topic, requester, priority, severity


@dataclass(frozen=True)
class TicketEdited:
    """Its subject, tags or custom fields were changed."""

    ticket: TicketSnapshot
    actor: Actor
    changed: tuple[str, ...]  # of subject, tags, custom_fields


@dataclass(frozen=True)
class TicketRequesterReplied:
    """The requester wrote again."""

    ticket: TicketSnapshot
    actor: Actor
    channel: str
    entry_id: str
    text: str  # the first 16,000 bytes of what was written
    mail_message_id: str | None = None
    automatic: bool = False  # it gets no automatic answer (RFC 3834), though a person may have written it
    is_cut: bool = False  # `text` is only the beginning


@dataclass(frozen=True)
class TicketAgentReplied:
    """An agent answered the requester."""

    ticket: TicketSnapshot
    actor: Actor
    entry_id: str
    text: str  # the first 16,000 bytes of what was written
    mail_message_id: str | None = None  # the requester's latest mail, for In-Reply-To
    is_cut: bool = False  # `text` is only the beginning


@dataclass(frozen=True)
class TicketNoteAdded:
    """An internal note was written. Its text never leaves intake."""

    ticket: TicketSnapshot
    actor: Actor
    entry_id: str


@dataclass(frozen=True)
class TicketPutOnHold:
    """It waits for the requester or a third party."""

    ticket: TicketSnapshot
    actor: Actor
    reason: str


@dataclass(frozen=True)
class TicketResumed:
    """Work goes on after a hold."""

    ticket: TicketSnapshot
    actor: Actor
    reason: str


@dataclass(frozen=True)
class TicketResolved:
    """An agent says that it is done; the requester may reopen it."""

    ticket: TicketSnapshot
    actor: Actor
    resolution: str
    mail_message_id: str | None = None


@dataclass(frozen=True)
class TicketReopened:
    """It was resolved, but is not done."""

    ticket: TicketSnapshot
    actor: Actor
    reason: str


@dataclass(frozen=True)
class TicketClosed:
    """It is over for good."""

    ticket: TicketSnapshot
    actor: Actor
    reason: str


@dataclass(frozen=True)
class TicketRated:
    """The requester says how it went."""

    ticket: TicketSnapshot
    actor: Actor
    score: int  # 1 (poor) to 5 (excellent)
    comment: str = ""


@dataclass(frozen=True)
class RequesterChanged:
    """Name, language, VIP or organisation of a requester, as they are now."""

    requester: Requester


@dataclass(frozen=True)
class RequesterAccessRequested:
    """Somebody asks to be let in. The link is signed by who writes the mail, and stands in no event.

    Each request is an aggregate of its own.
    """

    requester: Requester
    expires_at: datetime


@dataclass(frozen=True)
class SubmissionAccepted:
    """What a submission asked for was done, to this ticket."""

    submission_source: str
    submission_id: str
    submission_type: str
    ticket_id: str
    ticket_number: str
    external_reference: str | None = None


@dataclass(frozen=True)
class SubmissionRejected:
    """Nothing was done, for these reasons."""

    submission_source: str
    submission_id: str
    submission_type: str
    reasons: tuple[dict[str, str], ...]  # each {"field", "rule", "remedy"}
    external_reference: str | None = None


TYPES: dict[str, type] = {
    "ticket.created": TicketCreated,
    "ticket.triaged": TicketTriaged,
    "ticket.edited": TicketEdited,
    "ticket.requester_replied": TicketRequesterReplied,
    "ticket.agent_replied": TicketAgentReplied,
    "ticket.note_added": TicketNoteAdded,
    "ticket.put_on_hold": TicketPutOnHold,
    "ticket.resumed": TicketResumed,
    "ticket.resolved": TicketResolved,
    "ticket.reopened": TicketReopened,
    "ticket.closed": TicketClosed,
    "ticket.rated": TicketRated,
    "requester.changed": RequesterChanged,
    "requester.access_requested": RequesterAccessRequested,
    "submission.accepted": SubmissionAccepted,
    "submission.rejected": SubmissionRejected,
    **access.EVERYBODYS,
}
