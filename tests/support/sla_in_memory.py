"""Sla without a store and without a broker: what it hears, what it judges, what it says."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from services.sla.clock_repository import CLOCKS, TOLD
from services.sla.handlers.judge_clock import judge_clock
from services.sla.handlers.recalculate_clock import recalculate_clock
from services.sla.plan_repository import PLAN_VERSIONS, PLANS, STANDARD, version_id
from services.sla.seed import standard_plan
from services.sla.subscriptions import SUBSCRIPTIONS
from shared.events.envelope import Event
from shared.store.documents import Changes, Document, Documents
from tests.support.sla_cast import plan_document, utc

HANDLERS = {row.type: row.handle for row in SUBSCRIPTIONS}
NOW = utc("2026-11-24 12:00")


class _Nothing:
    """The store of a service that has just been set up: no document of any kind."""

    def find(self, _: Document) -> list[Document]:
        return []


class SlaInMemory:
    """Sla with its documents in memory, applied as the core applies them."""

    def __init__(self) -> None:
        self.documents = Documents(defaultdict(_Nothing))  # type: ignore[arg-type]
        self._plan(plan_document())
        self.events: list[Any] = []
        self.told: list[Document] = []

    def hear(self, *events: Event[Any]) -> "SlaInMemory":
        for event in events:
            self._apply(HANDLERS[event.type](event, self.documents, NOW))
        return self

    def judge(self, ticket_id: str, moment: datetime) -> None:
        self._apply(judge_clock(ticket_id, moment, self.documents, NOW))

    def change_plan(self, first_response_minutes: int, at: str) -> None:
        """A new version of the standard plan, whose first response is due so soon, around the clock."""
        described = standard_plan()
        for targets in described["targets"].values():
            targets["first_response"] = {"seconds": first_response_minutes * 60, "schedule": "always"}
        known = self.documents.get(PLANS, STANDARD)
        assert known is not None
        self._plan(plan_document(described, known["version"] + 1, at))

    def recalculate(self, ticket_id: str, moment: str) -> None:
        self._apply(recalculate_clock(ticket_id, utc(moment), self.documents, NOW))

    def clock(self, ticket_id: str) -> Document:
        found = self.documents.get(CLOCKS, ticket_id)
        assert found is not None
        return found

    def facts(self, ticket_id: str) -> Document:
        """The clock without what was decided about it: what was announced and when."""
        return {k: v for k, v in self.clock(ticket_id).items() if k not in ("version", "announced_at")}

    def types(self) -> list[str]:
        return [type(event.data).__name__ for event in self.events]

    def _plan(self, plan: Document) -> None:
        version = {**plan, "_id": version_id(plan["_id"], plan["version"])}
        self.documents.apply(Changes(documents=[(PLANS, plan), (PLAN_VERSIONS, version)]), [0])

    def _apply(self, changes: Changes) -> None:
        self.documents.apply(changes, [0])
        self.events += changes.events
        self.told += [row for collection, row in changes.rows if collection == TOLD]
