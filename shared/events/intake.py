"""What intake announces: the ticket's own life, its requesters, and its answers to submissions."""

from dataclasses import dataclass
from datetime import datetime

from shared.events import access
from shared.events.ticket import Actor, Requester, TicketSnapshot


@dataclass(frozen=True)
class TicketCreated:
    ticket: TicketSnapshot
    actor: Actor
    channel: str  # http, amqp, email
    entry_id: str
    text: str  # the first 16,000 bytes of the description
    severity_reason: str  # e.g. "impact high × urgency medium, raised one step: VIP requester"
    external_reference: str | None = None
    mail_message_id: str | None = None  # the requester's own mail, for In-Reply-To
    automatic: bool = False  # a machine wrote it: it gets no automatic answer (RFC 3834)
    follows: str | None = None  # the closed ticket that this one goes on from


@dataclass(frozen=True)
class TicketTriaged:
    ticket: TicketSnapshot
    actor: Actor
    reason: str
    changed: tuple[str, ...]  # of impact, urgency, topic, priority, severity


@dataclass(frozen=True)
class TicketEdited:
    ticket: TicketSnapshot
    actor: Actor
    changed: tuple[str, ...]


@dataclass(frozen=True)
class TicketRequesterReplied:
    ticket: TicketSnapshot
    actor: Actor
    channel: str
    entry_id: str
    text: str
    mail_message_id: str | None = None
    automatic: bool = False


@dataclass(frozen=True)
class TicketAgentReplied:
    ticket: TicketSnapshot
    actor: Actor
    entry_id: str
    text: str
    mail_message_id: str | None = None  # the requester's latest mail, for In-Reply-To


@dataclass(frozen=True)
class TicketNoteAdded:
    """An internal note was written. Its text never leaves intake."""

    ticket: TicketSnapshot
    actor: Actor
    entry_id: str


@dataclass(frozen=True)
class TicketPutOnHold:
    ticket: TicketSnapshot
    actor: Actor
    reason: str


@dataclass(frozen=True)
class TicketResumed:
    ticket: TicketSnapshot
    actor: Actor
    reason: str


@dataclass(frozen=True)
class TicketResolved:
    ticket: TicketSnapshot
    actor: Actor
    resolution: str
    mail_message_id: str | None = None


@dataclass(frozen=True)
class TicketReopened:
    ticket: TicketSnapshot
    actor: Actor
    reason: str


@dataclass(frozen=True)
class TicketClosed:
    ticket: TicketSnapshot
    actor: Actor
    reason: str


@dataclass(frozen=True)
class TicketRated:
    ticket: TicketSnapshot
    actor: Actor
    score: int  # 1 (poor) to 5 (excellent)
    comment: str = ""


@dataclass(frozen=True)
class RequesterChanged:
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
    submission_source: str
    submission_id: str
    submission_type: str
    ticket_id: str
    ticket_number: str
    external_reference: str | None = None


@dataclass(frozen=True)
class SubmissionRejected:
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
