"""What can come of handing a mail to a server."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Accepted:
    """The server said 250 to the whole mail: from now on it answers for it."""


@dataclass(frozen=True)
class Refused:
    """For good (5xx), or the mail can't be written at all."""

    reason: str


@dataclass(frozen=True)
class PutOff:
    """For now (4xx), and only this mail."""

    reason: str


@dataclass(frozen=True)
class ServerAway:
    """No connection, or lost before the final dot: no mail would get through, and this one surely did not."""

    reason: str


@dataclass(frozen=True)
class AnswerLost:
    """To our final dot came no answer, or one that is none: the server may have taken the mail or not."""

    reason: str


Answer = Accepted | Refused | PutOff | ServerAway | AnswerLost
