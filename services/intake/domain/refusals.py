"""What a ticket says no to, each rule by its name."""

from shared.refusals import Invalid, Refusal


class TicketIsClosed(Refusal):
    title = "The ticket is closed"


class TicketIsResolved(Refusal):
    title = "The ticket is resolved"


class TicketIsOnHold(Refusal):
    title = "The ticket is on hold"


class TicketIsNotOnHold(Refusal):
    title = "The ticket is not on hold"


class TicketIsNotResolved(Refusal):
    title = "The ticket is not resolved"


class TicketIsNotFinished(Refusal):
    title = "Only a resolved or closed ticket can be rated"


class TicketIsRated(Refusal):
    title = "The ticket has been rated"


class ReasonMissing(Invalid):
    title = "A ticket that is not resolved is closed with a reason"


class NotTheRequester(Refusal):
    title = "Only the ticket's own requester may reply to it"


class ExternalReferenceTaken(Refusal):
    title = "This external reference names another ticket"


class UnknownTopic(Invalid):
    title = "There is no such topic"
