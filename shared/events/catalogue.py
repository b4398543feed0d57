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
