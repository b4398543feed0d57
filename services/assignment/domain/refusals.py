"""What a person can't order: each refusal is named after its rule."""

from shared.refusals import Refusal


class TicketIsDone(Refusal):
    title = "The ticket is resolved or closed"


class AlreadyAssigned(Refusal):
    title = "Somebody has this ticket"


class NotAssigned(Refusal):
    title = "Nobody has this ticket"


class AlreadyInDepartment(Refusal):
    title = "The ticket is in this department"


class AgentNotAvailable(Refusal):
    title = "The agent takes no tickets now"
