"""The event logs: there, numbered without a gap, published, and heard by everybody concerned."""

from collections.abc import Collection, Iterator
from datetime import timedelta

import pymongo

from cli.check.finding import Finding, Track, among
from cli.desk import SERVICES, Desk
from cli.heard import remembered_since, unheard
from cli.unpublished import unpublished
from shared.identifiers import earliest_id
from shared.moments import utc_now
from shared.store.event_log import EVENT_LOG

PUBLISHED_WITHIN = timedelta(seconds=30)
_LONGEST_LOOK = 3600  # seconds for one pass over a whole log


def there(desk: Desk, only: Collection[str] | None, track: Track) -> Iterator[Finding]:
    for service, database in desk.missing().items():
        remedy = "See that RELAYDESK_MONGO_URL and RELAYDESK_DATABASE_PREFIX name the desk; a lost one is restored."
        yield Finding(service, f"{database} has no event log: it is no database of a desk", remedy)


def without_gaps(desk: Desk, only: Collection[str] | None, track: Track) -> Iterator[Finding]:
    counted = {"_id": "$subject", "count": {"$sum": 1}, "first": {"$min": "$sequence"}, "last": {"$max": "$sequence"}}
    gap = {"$or": [{"$ne": ["$first", 1]}, {"$ne": ["$count", "$last"]}]}
    for service in SERVICES:
        stages = [{"$match": among(only, "subject")}, {"$group": counted}, {"$match": {"$expr": gap}}]
        with pymongo.timeout(_LONGEST_LOOK):
            rows = list(desk.databases[service][EVENT_LOG].aggregate(stages, allowDiskUse=True))
        for row in rows:
            what = f"{service} has {row['count']} events of {row['_id']}, numbered {row['first']} to {row['last']}"
            remedy = "Events were deleted: restore a backup, or ask for help with this message."
            yield Finding(row["_id"], what, remedy)


def published(desk: Desk, only: Collection[str] | None, track: Track) -> Iterator[Finding]:
    for service in only or SERVICES:
        count, oldest = unpublished(desk.databases[service])
        if oldest and utc_now() - oldest > PUBLISHED_WITHIN:
            what = f"{service} has {count} unpublished events, the oldest of {oldest:%Y-%m-%d %H:%M:%S} UTC"
            remedy = (
                f"See that {service}'s worker runs and RabbitMQ takes messages; relaydesk status names full queues."
            )
            yield Finding(service, what, remedy)


def heard(desk: Desk, only: Collection[str] | None, track: Track) -> Iterator[Finding]:
    recent = {"_id": {"$gte": earliest_id(remembered_since(utc_now()))}}
    for source in SERVICES:
        for missing in unheard(desk, source, recent if only is None else among(only)):
            hearer, row = missing.queue.partition(".")[0], missing.row
            what = f"{hearer} has not heard {row['type']} number {row['sequence']} of {row['subject']}"
            remedy = (
                f"See that {hearer}'s worker runs; if it does: relaydesk replay --since {row['time']:%Y-%m-%dT%H:%M}"
            )
            yield Finding(row["_id"], what, f"{remedy} --to {missing.queue}")
