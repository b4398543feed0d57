"""Events become deliveries in the store, whatever comes twice."""

from typing import Any

from pymongo.database import Database

from services.notify.subscriptions import SUBSCRIPTIONS
from shared.store.documents import Document
from shared.store.unit_of_work import Done, Seen, UnitOfWork
from shared.worker import work_for
from tests.integration.notify.conftest import Desk
from tests.unit.notify.cast import ASSIGNED, BREACHED, CREATED, REPLIED, event

TABLE = {s.type: s for s in SUBSCRIPTIONS}
HISTORY = [event(data, f"event-{i}") for i, data in enumerate((CREATED, ASSIGNED, REPLIED, BREACHED))]


def hear(database: Database[Document], *events: Any) -> list[Any]:
    return UnitOfWork(database, "notify").run([work_for(e, TABLE[e.type]) for e in events])


def told(desk: Desk) -> list[tuple[str, str]]:
    return [(d["_id"], d["state"]) for d in desk.database["deliveries"].find().sort("_id", 1)]


def test_a_history_heard_twice_in_one_batch_tells_everybody_once(desk: Desk) -> None:
    outcomes = hear(desk.database, *HISTORY, *reversed(HISTORY))
    assert [type(outcome) for outcome in outcomes] == [Done] * 4 + [Seen] * 4
    assert told(desk) == [
        ("event-0:ticket_received:ana:email", "pending"),
        ("event-1:ticket_assigned:ben:email", "pending"),
        ("event-2:agent_replied:ana:email", "pending"),
        ("event-3:target_breached:ben:email", "pending"),
        ("event-3:target_breached:dana:email", "pending"),
    ]


def test_a_replay_after_the_inbox_has_forgotten_changes_nothing(desk: Desk) -> None:
    hear(desk.database, *HISTORY)
    before = list(desk.database["deliveries"].find())
    desk.database["inbox"].delete_many({})
    assert all(isinstance(outcome, Done) for outcome in hear(desk.database, *HISTORY))
    assert list(desk.database["deliveries"].find()) == before
