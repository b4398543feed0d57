"""Which event tells whom what. A message is named after the folder of its templates.

Internal notes are not in this table and notify does not hear of them: there is no rule that could leak one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.access.signed_link import Link
from shared.events.access import AgentInvited
from shared.events.assignment import TicketAssigned
from shared.events.intake import RequesterAccessRequested, TicketAgentReplied, TicketCreated, TicketResolved
from shared.events.sla import SlaBreached, SlaWarned, TicketEscalated
from shared.events.ticket import Department, Person, Requester, is_signed_in

TICKET_LINK_LIFE = timedelta(days=30)


@dataclass(frozen=True)
class Recipient:
    id: str
    name: str
    address: str


Recipients = tuple[Recipient, ...]


@dataclass(frozen=True)
class Rule:
    """`auto_submitted` is the header of RFC 3834 by which other machines know not to answer; None: a person wrote.

    `link` makes of an event's data and time the link that lets its reader in without signing in. `quotes`: whether the
    ticket's subject and text may be said, or a stranger can have put them into its reader's mouth.
    """

    event: str
    message: str
    recipients: Callable[[Any], Recipients]
    auto_submitted: str | None = "auto-generated"
    link: Callable[[Any, datetime], Link] | None = None
    is_answerable: bool = False  # an answer by mail is the requester's next message
    quotes: Callable[[Any], bool] = lambda _: True


def _requester_unless_automatic(created: TicketCreated) -> Recipients:
    return () if created.automatic else _nameless(created.ticket.requester)


def _requester(data: TicketAgentReplied | TicketResolved) -> Recipients:
    return _nameless(data.ticket.requester)


def _agent_unless_own_doing(assigned: TicketAssigned) -> Recipients:
    is_own_doing = assigned.actor.kind == "agent" and assigned.actor.id == assigned.agent.id
    return () if is_own_doing else _all(assigned.agent)


def _agent_or_manager(warned: SlaWarned) -> Recipients:
    return _all(warned.agent or _manager(warned.department))


def _agent_and_manager(breached: SlaBreached) -> Recipients:
    return _all(breached.agent, _manager(breached.department))


def _manager_alone(escalated: TicketEscalated) -> Recipients:
    return _all(_manager(escalated.department))


def _invited(invited: AgentInvited) -> Recipients:
    return _all(invited.agent)


def _who_wants_access(requested: RequesterAccessRequested) -> Recipients:
    return _nameless(requested.requester)


def _opener_was_signed_in(created: TicketCreated) -> bool:
    return is_signed_in(created.actor, created.channel)


def _agent_resolved(resolved: TicketResolved) -> bool:
    return resolved.actor.kind == "agent"


def _to_the_ticket(data: TicketCreated | TicketAgentReplied | TicketResolved, at: datetime) -> Link:
    return Link("ticket", data.ticket.id, data.ticket.requester.id, at, at + TICKET_LINK_LIFE)


def _to_his_tickets(requested: RequesterAccessRequested, at: datetime) -> Link:
    return Link("requester", requested.requester.id, requested.requester.id, at, requested.expires_at)


def _to_the_invitation(invited: AgentInvited, at: datetime) -> Link:
    return Link("invitation", invited.invitation_id, invited.agent.id, at, invited.expires_at)


def _manager(department: Department | None) -> Person | None:
    return department.manager if department else None


def _nameless(requester: Requester) -> Recipients:
    """His name is what somebody called him who wrote first from his address, and need not have been he."""
    return (Recipient(requester.id, "", requester.address),) if requester.address else ()


def _all(*people: Person | None) -> Recipients:
    """Each person once; nobody without an address."""
    found = {p.id: Recipient(p.id, p.name, p.address) for p in people if p is not None and p.address}
    return tuple(found.values())


RULES = (
    Rule(
        "ticket.created",
        "ticket_received",
        _requester_unless_automatic,
        "auto-replied",
        _to_the_ticket,
        is_answerable=True,
        quotes=_opener_was_signed_in,
    ),
    Rule("ticket.agent_replied", "agent_replied", _requester, None, _to_the_ticket, True),
    Rule("ticket.resolved", "ticket_resolved", _requester, "auto-generated", _to_the_ticket, True, _agent_resolved),
    Rule("ticket.assigned", "ticket_assigned", _agent_unless_own_doing),
    Rule("sla.warned", "target_warned", _agent_or_manager),
    Rule("sla.breached", "target_breached", _agent_and_manager),
    Rule("ticket.escalated", "ticket_escalated", _manager_alone),
    Rule("agent.invited", "agent_invited", _invited, link=_to_the_invitation),
    Rule("requester.access_requested", "access_requested", _who_wants_access, link=_to_his_tickets),
)

RULES_OF: dict[str, tuple[Rule, ...]] = {r.event: tuple(s for s in RULES if s.event == r.event) for r in RULES}
