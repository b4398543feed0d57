"""The table of who may do what: a row for each method of each route of each service.

Whom a row allows gets `status`; from whom it hides its object gets 404, as if there were none; who is not known gets
401; everybody else 403.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.security.callers import EVERYBODY, UNKNOWN

Callers = frozenset[str]

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
    """`values` of the path, where not any object of the service will do; `body` is one that is accepted."""

    service: str
    method: str
    rule: str
    allowed: Callers
    hidden_from: Callers = frozenset()
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    status: int = 200

    def expected(self, caller: str) -> int:
        if caller in self.allowed:
            return self.status
        if caller in UNKNOWN:
            return 401
        return 404 if caller in self.hidden_from else 403

    def __str__(self) -> str:
        return f"{self.service} {self.method} {self.rule}"


def open_to_all(service: str, *rules: str) -> tuple[Row, ...]:
    return tuple(Row(service, "GET", rule, EVERYBODY) for rule in rules)
