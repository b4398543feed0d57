"""What is left over: a restore not finished, workloads that don't add up, messages parked, deliveries not sent."""

from collections.abc import Collection, Iterator
from datetime import timedelta

from cli.backup.restoring import MARK
from cli.check.finding import Finding, Track, among
from cli.desk import SERVICES, Desk
from services.assignment.assignment_repository import ASSIGNMENTS
from services.assignment.domain.assignment import ASSIGNED
from services.assignment.workloads import WORKLOADS
from services.notify.delivery_repository import DELIVERIES, due_before, tried_in_vain_before
from services.notify.domain.delivery import LONG_IN_VAIN
from shared.messaging.parking import PARKED
from shared.moments import utc_now

SENT_WITHIN = timedelta(seconds=60)


def restored(desk: Desk, only: Collection[str] | None, track: Track) -> Iterator[Finding]:
    for mark in desk.databases["intake"][MARK].find(among(only)):
        yield Finding(mark["_id"], "a restore was begun and not finished", "Run `relaydesk restore` again.")


def workloads(desk: Desk, only: Collection[str] | None, track: Track) -> Iterator[Finding]:
    database = desk.databases["assignment"]
    by_agent = {"$group": {"_id": "$agent_id", "count": {"$sum": 1}}}
    rows = database[ASSIGNMENTS].aggregate([{"$match": {"state": ASSIGNED}}, by_agent])
    held = {row["_id"]: row["count"] for row in rows}
    counted = {row["_id"]: row["open"] for row in database[WORKLOADS].find()}
    for agent_id in sorted(only or held.keys() | counted.keys()):
        has, says = held.get(agent_id, 0), counted.get(agent_id, 0)
        if has != says:
            what = f"agent {agent_id} has {has} tickets, his workload says {says}"
            remedy = f"It was changed by hand: with assignment stopped, set workloads.{agent_id}.open to {has}."
            yield Finding(agent_id, what, remedy)


def parked(desk: Desk, only: Collection[str] | None, track: Track) -> Iterator[Finding]:
    for service in SERVICES:
        for row in desk.databases[service][PARKED].find(among(only), {"reason": 1, "next_try_at": 1}):
            what = f"{service} has a parked message: {row['reason'].partition(chr(10))[0][:200]}"
            short = row["_id"][: len(f"{row['_id'].rpartition(':')[0]}:") + 12]
            yield Finding(row["_id"], what, f"relaydesk parked show {short}, then retry or discard")


def deliveries(desk: Desk, only: Collection[str] | None, track: Track) -> Iterator[Finding]:
    now = utc_now()
    late, in_vain = due_before(now - SENT_WITHIN), tried_in_vain_before(now - LONG_IN_VAIN)
    waiting = {"state": {"$in": ["failed", "held"]}}
    fields = {"state": 1, "message": 1, "ticket_number": 1, "reason": 1}
    for row in desk.databases["notify"][DELIVERIES].find({**among(only), "$or": [late, in_vain, waiting]}, fields):
        what = f"{row['message']} about ticket {row['ticket_number']} is {row['state']}: {row['reason'] or 'overdue'}"
        if row["state"] in ("failed", "held"):
            remedy = f"POST /v1/notifications/{row['_id']}/retry or /discard"
        else:
            remedy = "See that notify's sender runs and the mail server takes mails."
        yield Finding(row["_id"], what, remedy)
