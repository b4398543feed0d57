"""Every event type on the wire, with the contract of its data and the service that announces it."""

from shared.events import assignment, intake, notify, sla

PUBLISHERS: dict[str, dict[str, type]] = {
    "intake": intake.TYPES,
    "assignment": assignment.TYPES,
    "sla": sla.TYPES,
    "notify": notify.TYPES,
}

CATALOGUE: dict[str, type] = {name: contract for types in PUBLISHERS.values() for name, contract in types.items()}

TYPE_OF: dict[type, str] = {contract: name for name, contract in CATALOGUE.items()}

# What a listener from outside may bind: docs/decisions/0011. A type is internal until it is named here.
PUBLIC: tuple[str, ...] = (
    "ticket.created",
    "ticket.triaged",
    "ticket.edited",
    "ticket.requester_replied",
    "ticket.agent_replied",
    "ticket.put_on_hold",
    "ticket.resumed",
    "ticket.resolved",
    "ticket.reopened",
    "ticket.closed",
    "ticket.rated",
    "ticket.assigned",
    "ticket.released",
    "ticket.transferred",
    "ticket.waiting",
    "ticket.escalated",
    "sla.targets_set",
    "sla.paused",
    "sla.resumed",
    "sla.warned",
    "sla.breached",
    "sla.met",
    "submission.accepted",
    "submission.rejected",
)
