"""What waits to be done: events to publish, messages in queues and in parking, clocks and deliveries that are due."""

from datetime import datetime
from typing import Any

from pymongo.collection import Collection

from cli.desk import SERVICES, Desk
from cli.queues import depth
from cli.setup import QUEUES
from cli.unpublished import unpublished
from services.notify import delivery_repository
from services.notify.delivery_repository import DELIVERIES
from services.notify.domain.delivery import LONG_IN_VAIN
from services.sla import clock_repository
from services.sla.clock_repository import CLOCKS
from shared.messaging.parking import PARKED
from shared.messaging.refused import oldest_refused
from shared.store.documents import Document

_FOR_A_PERSON = ("failed", "held")


def stored(desk: Desk, now: datetime) -> dict[str, Any]:
    """`undelivered`: deliveries that wait for a person."""
    by_a_person = {"state": {"$in": list(_FOR_A_PERSON)}}
    clocks, deliveries = desk.databases["sla"][CLOCKS], desk.databases["notify"][DELIVERIES]
    in_vain = delivery_repository.tried_in_vain_before(now - LONG_IN_VAIN)
    return {
        "logs": [_log(desk, service) for service in SERVICES],
        "parked": [_parked(desk, service) for service in SERVICES],
        "timers": [
            _due("clocks", clocks, "next_due_at", clock_repository.due_before(now), "is sla's worker running?"),
            _due(
                "deliveries", deliveries, "due_at", delivery_repository.due_before(now), "is notify's sender running?"
            ),
            _due("mails tried in vain", deliveries, "tried_since", in_vain, "does the mail server take them?"),
        ],
        "undelivered": deliveries.count_documents(by_a_person),
    }


def queues(desk: Desk) -> list[dict[str, Any]]:
    with desk.broker() as connection:
        depths = {queue.name: depth(connection, queue.name) for queue in QUEUES}
    return [
        {"queue": name, "waiting": at and at.waiting, "consumers": at and at.consumers} for name, at in depths.items()
    ]


def _log(desk: Desk, service: str) -> dict[str, Any]:
    count, oldest = unpublished(desk.databases[service])
    refused = oldest_refused(desk.databases[service]) if count else None
    name = refused and f"{refused['type']} {refused['_id']}"
    return {"service": service, "unpublished": count, "oldest": oldest, "refused": name}


def _parked(desk: Desk, service: str) -> dict[str, Any]:
    """`for_a_person`: those that are not tried again by themselves."""
    rows = desk.databases[service][PARKED]
    waiting = rows.count_documents({"next_try_at": None})
    return {"service": service, "parked": rows.count_documents({}), "for_a_person": waiting}


def _due(what: str, collection: Collection[Document], field: str, late: Document, ask: str) -> dict[str, Any]:
    """What should be done and is not yet, with the moment since when the oldest should; `ask`: what to look at."""
    oldest = collection.find_one(late, {field: 1}, sort=[(field, 1)])
    return {"what": what, "due": collection.count_documents(late), "oldest": oldest and oldest[field], "ask": ask}
