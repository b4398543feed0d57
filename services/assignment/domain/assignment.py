"""Who is responsible for one ticket: it waits, somebody has it, or it is done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.assignment.domain.allocation import URGENCY
from services.assignment.domain.refusals import TicketIsDone
from shared.events.envelope import Event
from shared.events.ticket import TicketSnapshot

WAITING, ASSIGNED, DONE = "waiting", "assigned", "done"
OVER = frozenset({"resolved", "closed", "merged"})


@dataclass(frozen=True)
class Route:
    """Where tickets of a topic go, and what an agent must know to take one."""

    department_id: str
    skills: tuple[str, ...] = ()


@dataclass(frozen=True)
class Escalation:
    priority: str
    sequence: int
    time: datetime


@dataclass(frozen=True)
class Heard:
    """The last event about this ticket: what is done for it without a person's order was caused by it."""

    correlation_id: str
    event_id: str
    traceparent: str | None = None

    @classmethod
    def of(cls, event: Event[Any]) -> "Heard":
        return cls(event.correlation_id, event.id, event.traceparent)


@dataclass(frozen=True)
class Assignment:
    """`agent_id` outlives `done`, so that a reopened ticket finds its agent. `counted_for` has it in his workload.

    `since`: when it came to wait in its department, was given to its agent, or was over.

    `leads_to`: the department of a topic that it got while it did not wait. It stays where others know it to be, and
    moves when it is reopened and comes to wait.
    """

    ticket: TicketSnapshot
    ticket_sequence: int
    ticket_time: datetime
    department_id: str
    skills: tuple[str, ...]
    since: datetime
    heard: Heard
    state: str = WAITING
    agent_id: str | None = None
    leads_to: str | None = None
    escalation: Escalation | None = None
    released_by: tuple[str, ...] = ()
    is_told: bool = False
    counted_for: str | None = None
    decision_id: str | None = None
    version: int = 0
    time: datetime | None = None

    def but(self, **changes: Any) -> "Assignment":
        """As `dataclasses.replace`, which takes ten times as long, and this runs thousands of times a second."""
        other = object.__new__(Assignment)
        other.__dict__.update(self.__dict__, **changes)
        return other

    @property
    def id(self) -> str:
        return self.ticket.id

    @property
    def priority(self) -> str:
        """The later word counts: an escalation's, which never lowers, or the ticket's own."""
        if self.escalation and self.escalation.time > self.ticket_time:
            return min(self.escalation.priority, self.ticket.priority, key=URGENCY.__getitem__)
        return self.ticket.priority

    def waited_seconds(self, now: datetime) -> float:
        """There is no wait while somebody has it, or it is over."""
        return max(0.0, (now - self.since).total_seconds()) if self.state == WAITING else 0.0

    @property
    def is_reopened(self) -> bool:
        return self.state == DONE and self.ticket.status not in OVER

    def hear(self, ticket: TicketSnapshot, sequence: int, time: datetime, route: Route) -> "Assignment":
        """Takes over what intake says of the ticket, unless something newer is known. A topic routes it anew."""
        if sequence <= self.ticket_sequence:
            return self
        heard = self.but(ticket=ticket, ticket_sequence=sequence, ticket_time=time)
        if ticket.status in OVER and self.state != DONE:
            heard = heard.but(state=DONE, since=time)
        if ticket.topic != self.ticket.topic:
            heard = heard.but(skills=route.skills, leads_to=route.department_id)
            if heard.state == WAITING:
                heard = heard.moved_to(route.department_id, time)
        return heard

    def moved_to(self, department_id: str, since: datetime) -> "Assignment":
        """In another department nobody has released it, and its wait is told anew."""
        if department_id == self.department_id:
            return self.but(leads_to=None, is_told=False)
        return self.but(department_id=department_id, leads_to=None, since=since, released_by=(), is_told=False)

    def given_to(self, agent_id: str, decision_id: str, now: datetime) -> "Assignment":
        return self.but(state=ASSIGNED, agent_id=agent_id, since=now, is_told=False, decision_id=decision_id)

    def taken_back(self, now: datetime) -> "Assignment":
        return self.but(state=WAITING, agent_id=None, since=now, is_told=False)

    def waiting_again(self, now: datetime) -> "Assignment":
        """Reopened without its agent: it waits where its topic leads by now."""
        back = self.taken_back(now)
        return back.moved_to(self.leads_to, now) if self.leads_to else back

    def spoken(self, now: datetime) -> "Assignment":
        """One announcement further: the next sequence, at a time that does not go backwards."""
        return self.but(version=self.version + 1, time=max(now, self.time or now))

    def must_be_open(self) -> None:
        if self.state == DONE:
            raise TicketIsDone(f"Ticket {self.ticket.number} is {self.ticket.status}: reopen it first.")


def first_heard(ticket: TicketSnapshot, sequence: int, time: datetime, route: Route, heard: Heard) -> Assignment:
    """A ticket that was not known waits since it was created, unless it is over already."""
    is_over = ticket.status in OVER
    return Assignment(
        ticket=ticket,
        ticket_sequence=sequence,
        ticket_time=time,
        department_id=route.department_id,
        skills=route.skills,
        since=time if is_over else ticket.created_at,
        heard=heard,
        state=DONE if is_over else WAITING,
    )
