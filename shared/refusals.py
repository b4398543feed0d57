"""A named refusal: what a rule says no to, in words for the person who asked. Stands on the standard library alone."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """What is wrong with one field; `field` is "" for the whole request."""

    field: str
    rule: str
    remedy: str

    def as_dict(self) -> dict[str, str]:
        return {"field": self.field, "rule": self.rule, "remedy": self.remedy}


class Refusal(Exception):
    """Subclassed once per rule; `status` is the answer on HTTP, `title` the rule in a few words.

    `retry_after`: seconds after which the same request may be granted.
    """

    status = 409
    title = "This can't be done now"

    def __init__(self, detail: str, reasons: tuple[Reason, ...] = (), retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.reasons = reasons
        self.retry_after = retry_after


class NotFound(Refusal):
    status = 404
    title = "There is no such thing"


class Invalid(Refusal):
    status = 422
    title = "The request is not valid"
