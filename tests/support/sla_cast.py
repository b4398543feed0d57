"""Ana's ticket as sla hears of it: Ben answers it, Dana manages the department. Berlin's office hours, 9 to 5."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.sla.domain.plan import Plan
from services.sla.handlers.change_plan import new_version
from services.sla.plan_repository import PLANS, STANDARD, plan_of
from services.sla.seed import standard_plan, standard_schedules
from shared.events import assignment, intake
from shared.events.envelope import Event, type_of
from shared.events.ticket import Actor, Department, Person, Requester, TicketSnapshot
from shared.identifiers import new_id
from shared.store.documents import Document

ANA = Requester("0190a0a0-0000-7000-8000-00000000000a", "ana@payroll.example", "Ana")
BEN = Person("ben", "Ben", "ben@desk.example")
DANA = Person("dana", "Dana", "dana@desk.example")
INFRASTRUCTURE = Department("infrastructure", "Infrastructure", DANA)
_BEN_ACTS = Actor("agent", "ben", "Ben")


def utc(text: str) -> datetime:
    """ "2026-11-23 09:00" as a moment in UTC."""
    return datetime.fromisoformat(text + "+00:00")


def plan_document(described: Document | None = None, version: int = 1, at: str = "2026-01-01 00:00") -> Document:
    """The seeded plan (or another) in Berlin's hours, as it lies in `plans` since `at`."""
    schedules = {name: {"id": name, "version": 1, **row} for name, row in standard_schedules("Europe/Berlin").items()}
    definition = {**(described or standard_plan()), "schedules": schedules}
    known = {"_id": STANDARD, "version": version - 1}
    changes = new_version(known, definition, "a test", "Dana", utc(at))
    return {**dict(changes.documents)[PLANS], "revision": 1}


def standard() -> Plan:
    return plan_of(plan_document())


MONDAY_TEN_IN_BERLIN = utc("2026-11-23 09:00")


@dataclass
class Life:
    """Makes the events of one ticket, numbered by their publishers."""

    severity: str = "sev_c"
    created_at: datetime = MONDAY_TEN_IN_BERLIN
    id: str = field(default_factory=new_id)
    priority: str = "normal"
    status: str = "new"
    _counts: Counter[str] = field(default_factory=Counter)

    def created(self) -> Event[Any]:
        actor = Actor("requester", ANA.id, ANA.name)
        return self._says(
            "intake",
            self.created_at,
            intake.TicketCreated(self._ticket(), actor, "http", new_id(), "It drops.", "medium × medium"),
        )

    def triaged(self, at: datetime, severity: str) -> Event[Any]:
        self.severity = severity
        ticket = self._ticket()
        return self._says("intake", at, intake.TicketTriaged(ticket, _BEN_ACTS, "Payroll is due", ("severity",)))

    def replied(self, at: datetime) -> Event[Any]:
        self.status = "open"
        return self._says("intake", at, intake.TicketAgentReplied(self._ticket(), _BEN_ACTS, new_id(), "Looking."))

    def requester_replied(self, at: datetime) -> Event[Any]:
        actor = Actor("requester", ANA.id, ANA.name)
        return self._says(
            "intake", at, intake.TicketRequesterReplied(self._ticket(), actor, "http", new_id(), "Thanks.")
        )

    def put_on_hold(self, at: datetime) -> Event[Any]:
        self.status = "on_hold"
        return self._says("intake", at, intake.TicketPutOnHold(self._ticket(), _BEN_ACTS, "waiting for Ana"))

    def resumed(self, at: datetime) -> Event[Any]:
        self.status = "open"
        return self._says("intake", at, intake.TicketResumed(self._ticket(), _BEN_ACTS, "Ana answered"))

    def resolved(self, at: datetime) -> Event[Any]:
        self.status = "resolved"
        return self._says("intake", at, intake.TicketResolved(self._ticket(), _BEN_ACTS, "New router."))

    def reopened(self, at: datetime) -> Event[Any]:
        self.status = "open"
        return self._says("intake", at, intake.TicketReopened(self._ticket(), _BEN_ACTS, "It drops again"))

    def closed(self, at: datetime) -> Event[Any]:
        self.status = "closed"
        return self._says("intake", at, intake.TicketClosed(self._ticket(), _BEN_ACTS, "spam"))

    def assigned(self, at: datetime) -> Event[Any]:
        return self._says(
            "assignment",
            at,
            assignment.TicketAssigned(
                self._ticket(), Actor("system", "assignment"), BEN, INFRASTRUCTURE, "allocated", new_id(), 0.1
            ),
        )

    def waiting(self, at: datetime) -> Event[Any]:
        return self._says(
            "assignment", at, assignment.TicketWaiting(self._ticket(), INFRASTRUCTURE, {"full": 2}, new_id())
        )

    def released(self, at: datetime) -> Event[Any]:
        return self._says(
            "assignment", at, assignment.TicketReleased(self._ticket(), _BEN_ACTS, "ben", INFRASTRUCTURE, "ill")
        )

    def transferred(self, at: datetime, keeper: Person | None = None) -> Event[Any]:
        to = replace(INFRASTRUCTURE, id="support", name="Support", manager=None)
        return self._says(
            "assignment",
            at,
            assignment.TicketTransferred(self._ticket(), _BEN_ACTS, to, "infrastructure", "not ours", keeper),
        )

    def _ticket(self) -> TicketSnapshot:
        return TicketSnapshot(
            id=self.id,
            number="100001",
            subject="VPN drops every hour",
            requester=replace(ANA),
            topic="network",
            impact="medium",
            urgency="medium",
            severity=self.severity,
            priority=self.priority,
            status=self.status,
            created_at=self.created_at,
        )

    def _says(self, source: str, at: datetime, data: Any) -> Event[Any]:
        self._counts[source] += 1
        return Event(new_id(), type_of(data), source, self.id, at, self._counts[source], data, new_id())
