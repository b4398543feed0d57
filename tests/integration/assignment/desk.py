"""A desk to play with: the worker's side hears events, the door's side takes commands, on one real database."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from pymongo.database import Database

from services.assignment.handlers.allocate_waiting import allocate_waiting
from services.assignment.handlers.invite_agent import invite_agent
from services.assignment.handlers.settle_workloads import settle_workloads
from services.assignment.subscriptions import SUBSCRIPTIONS
from services.assignment.sweep import sweep
from shared.access.may import Principal
from shared.access.signed_link import Link, sign
from shared.events.envelope import Event, decode
from shared.identifiers import new_id
from shared.store.documents import Cause, Changes, Document, Documents
from shared.store.unit_of_work import Done, Failed, UnitOfWork, Work
from shared.worker import work_for

LINK_SECRET = "the tests' own secret"
TABLE = {row.type: row for row in SUBSCRIPTIONS}


class Desk:
    def __init__(self, database: Database[Document]) -> None:
        self.database = database
        self.worker = UnitOfWork(database, "assignment", allocate_waiting(database))
        self.door = UnitOfWork(database, "assignment", settle_workloads)

    def hear(self, *events: Event[Any]) -> None:
        """One batch."""
        outcomes = self.worker.run([work_for(event, TABLE[event.type]) for event in events], patience=10)
        for outcome in outcomes:
            if isinstance(outcome, Failed):
                raise outcome.error

    def hear_itself(self) -> None:
        """What the relay would bring back: its own announcements that it has not heard yet."""
        own = [decode(row["body"]) for row in self.database.event_log.find().sort("_id", 1)]
        self.hear(*[event for event in own if event.type in TABLE])

    def sweep(self) -> None:
        sweep(self.worker)

    def order(self, run: Callable[[Documents, datetime], Changes]) -> Any:
        """A command as the HTTP door runs it; raises its refusal."""
        match self.door.run([Work(run, Cause(new_id()))], patience=10):
            case [Done(answer)]:
                return answer
            case [Failed(error)]:
                raise error
        raise AssertionError("a command has one outcome")

    def invite(self, agent_id: str) -> str:
        """The link as the agent finds it in his mail."""
        self.order(partial(invite_agent, agent_id, "Dana Weiss"))
        return self.mailed_links(agent_id)[-1]

    def mailed_links(self, agent_id: str) -> list[str]:
        """What notify makes of each `agent.invited`."""
        told = [decode(row["body"]) for row in self.database.event_log.find({"type": "agent.invited"}).sort("_id", 1)]
        return [
            sign(Link("invitation", e.data.invitation_id, agent_id, e.time, e.data.expires_at), LINK_SECRET)
            for e in told
            if e.data.agent.id == agent_id
        ]

    def assignment(self, ticket_id: str) -> Document:
        found = self.database.assignments.find_one({"_id": ticket_id})
        assert found is not None
        return found

    def holder(self, ticket_id: str) -> str | None:
        found = self.assignment(ticket_id)
        return found["agent_id"] if found["state"] == "assigned" else None

    def loads(self) -> dict[str, int]:
        return {row["_id"]: row["open"] for row in self.database.workloads.find() if row["open"]}

    def counted(self) -> dict[str, int]:
        """What the loads should be, counted from the assignments themselves."""
        counts: dict[str, int] = {}
        for found in self.database.assignments.find({"state": "assigned"}):
            counts[found["agent_id"]] = counts.get(found["agent_id"], 0) + 1
        return counts

    def announced(self, ticket_id: str) -> list[str]:
        return [event.type for event in self.log(ticket_id)]

    def log(self, subject: str) -> list[Event[Any]]:
        return [decode(row["body"]) for row in self.database.event_log.find({"subject": subject}).sort("sequence", 1)]


def by(agent_id: str) -> Principal:
    return Principal("agent", agent_id, agent_id.title())


def bearer(answer: Any) -> dict[str, str]:
    """The header that goes with a token that an answer gave."""
    return {"Authorization": f"Bearer {answer.json['token']}"}
