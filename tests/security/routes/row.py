"""A row of the table of who may do what: one for each method of each route of each service.

Whom a row allows gets `status`; from whom it hides its object gets 404, as if there were none; who is not known gets
401; everybody else 403.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from tests.security.callers import EVERYBODY, UNKNOWN

Callers = Set[str]
Body = Mapping[str, Any] | bytes

EVERY_SERVICES = (
    "/healthz",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/asyncapi.json",
    "/docs",
    "/events",
    "/docs/redoc.js",
)
"""What each API shows to everybody."""


@dataclass(frozen=True)
class Row:
    """`body` is one that is accepted, or makes one. `values` of the path: where not any object will do, one that there
    is; `made_by`: where it must be in a state of its own, which of the desk's makers makes it. `otherwise`: who is let
    in, but must say more than the body does.
    """

    service: str
    method: str
    rule: str
    allowed: Callers
    hidden_from: Callers = frozenset()
    body: Body | Callable[[], Body] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    made_by: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    otherwise: Mapping[str, int] = field(default_factory=dict)

    def expected(self, caller: str) -> int:
        if caller in self.allowed:
            return self.otherwise.get(caller, self.status)
        if caller in UNKNOWN:
            return 401
        return 404 if caller in self.hidden_from else 403

    def __str__(self) -> str:
        return f"{self.service} {self.method} {self.rule}"


def open_to_all(service: str, *rules: str) -> tuple[Row, ...]:
    return tuple(Row(service, "GET", rule, EVERYBODY) for rule in rules)
