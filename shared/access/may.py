"""May somebody do something? The one function behind every door."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.access.permissions import REQUESTERS_OWN
from shared.refusals import NotFound, Refusal

EVERYWHERE = "*"


class Forbidden(Refusal):
    status = 403
    title = "You may not do this"


@dataclass(frozen=True)
class Principal:
    """`kind` is agent, requester or integration (an API key).

    `rights` has the permissions of an agent by department, those of an API key and an administrator under "*". A
    requester has none: he may do what he may do with his own tickets alone, or with `ticket_id` alone if a link let
    him in. `key_id` names the API key that acts for an agent.
    """

    kind: str
    id: str
    name: str
    rights: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ticket_id: str | None = None
    key_id: str | None = None


@dataclass(frozen=True)
class Reach:
    """What of a ticket decides who reaches it. `department_id` is None until assignment has routed it."""

    ticket_id: str
    requester_id: str
    department_id: str | None = None
    agent_id: str | None = None


def may(principal: Principal, action: str, ticket: Reach | None = None) -> bool:
    """On a ticket; without one: on any at all. Who has a ticket may work on it by the best of his roles."""
    if principal.kind == "requester":
        return action in REQUESTERS_OWN and (ticket is None or _is_own(principal, ticket))
    if action in principal.rights.get(EVERYWHERE, ()):
        return True
    if ticket is None or (principal.kind == "agent" and ticket.agent_id == principal.id):
        return any(action in permissions for permissions in principal.rights.values())
    return action in principal.rights.get(ticket.department_id or "", ())


def must(principal: Principal, action: str, ticket: Reach | None = None) -> None:
    """Raises NotFound for a ticket that he may not even see, as if there were none; else Forbidden."""
    if may(principal, action, ticket):
        return
    if ticket is not None and not may(principal, "ticket.view", ticket):
        raise NotFound("There is no ticket with this id.")
    raise Forbidden(f"This needs the permission {action}. An administrator can give it to you.")


def _is_own(principal: Principal, ticket: Reach) -> bool:
    return ticket.requester_id == principal.id and principal.ticket_id in (None, ticket.ticket_id)
