"""Who calls, what he may do to which ticket, and what he gets to see of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from flask import Response
from pymongo.database import Database

from services.intake.reach import VIEW, reach_of
from services.intake.requester_view import ticket_for_requester
from services.intake.ticket_repository import TICKETS, ticket_key
from services.intake.ticket_view import whole
from shared.access.doorkeeper import ON_BEHALF_OF
from shared.access.may import Principal, may, must
from shared.events.ticket import Actor
from shared.http.commands import Commands
from shared.http.door import action, must_reach, principal
from shared.http.versions import expected_version, refuse_other
from shared.refusals import Invalid, NotFound, Reason
from shared.store.documents import Changes, Document, Documents

Act = Callable[[Actor, Documents, datetime], Changes]


def actor_of(who: Principal) -> Actor:
    return Actor(who.kind, who.id, who.name)


def require_agent(actor: Actor) -> None:
    """Raises Invalid for an API key that does not say for which agent it acts: he is named to the requester."""
    if actor.kind != "agent":
        reason = Reason(ON_BEHALF_OF, "is required: this is an agent's action", "Send the id of the agent who acts.")
        raise Invalid("Say which agent acts.", (reason,))


def in_reach(database: Database[Document], ticket_id: UUID) -> Document:
    """The ticket, if the caller may do with it what the route is for. Raises NotFound or Forbidden."""
    document = database[TICKETS].find_one({"_id": str(ticket_id)})
    if document is None:
        raise _no_such_ticket()
    must_reach(reach_of(document))
    return document


def shown_to(who: Principal, document: Document) -> Document:
    """Who may not view the ticket sees of what he did to it what its requester would see."""
    if who.kind != "requester" and may(who, VIEW, reach_of(document)):
        return whole(document)
    return ticket_for_requester(document)


def act_on_ticket(
    commands: Commands, ticket_id: UUID, act: Act, *, status: int = 200, needs_version: bool = False
) -> Response:
    """The answer is the new state of the ticket, as far as the caller may see it."""
    who, what, expected = principal(), action(), expected_version(is_required=needs_version)

    def run(documents: Documents, now: datetime) -> Changes:
        document = documents.get(TICKETS, str(ticket_id))
        if document is None:
            raise _no_such_ticket()
        must(who, what, reach_of(document))
        refuse_other(expected, document)
        changes = act(actor_of(who), documents, now)
        return replace(changes, answer=shown_to(who, changes.answer))

    return commands.run(run, [ticket_key(str(ticket_id))], status)


def _no_such_ticket() -> NotFound:
    """In the words of `must` for one that is out of reach."""
    return NotFound("There is no ticket with this id.")
