"""Every clock is what its facts, taken from intake's event log, and the promised plans make of it."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from cli.batches import batches
from cli.check.finding import Finding, Track, among
from cli.desk import Desk
from services.sla.clock_repository import CLOCKS, facts_of, promised, snapshot_of, with_clock
from services.sla.domain.clock import fold
from services.sla.handlers.follow_ticket import FACTS, with_fact
from services.sla.plan_repository import PLANS
from shared.events.envelope import decode
from shared.store.documents import Document, Documents
from shared.store.event_log import EVENT_LOG

_FOLLOWS = ("facts", "targets", "is_open", "next_due_at")


def look(desk: Desk, only: Collection[str] | None, track: Track) -> Iterator[Finding]:
    clocks = desk.databases["sla"][CLOCKS]
    total = clocks.estimated_document_count() if only is None else len(only)
    plans = Documents(desk.databases["sla"])
    for batch in batches(track(clocks.find(among(only)), total)):
        facts = _facts(desk, [clock["_id"] for clock in batch])
        for clock in batch:
            yield from judge(clock, facts[clock["_id"]], plans)


def judge(clock: Document, facts: list[Document], plans: Documents) -> Iterator[Finding]:
    """`facts` as the event log has them; `plans` finds plans and their versions."""
    name = f"the clock of ticket {snapshot_of(clock).number}"
    if plans.get(PLANS, clock["plan_id"]) is None:
        yield Finding(clock["_id"], f"{name} follows the plan {clock['plan_id']}, which is missing", "relaydesk setup")
        return
    ticket, known = snapshot_of(clock), {**clock, "facts": facts}
    plan = promised(clock, plans)
    again = with_clock(known, fold(ticket.created_at, ticket.severity, facts_of(known), plan))
    differing = [field for field in _FOLLOWS if again[field] != clock[field]]
    if "facts" in differing:
        remedy = f"relaydesk replay --ticket {clock['_id']} --to sla.inbox"
        yield Finding(clock["_id"], f"{name} does not have the facts of intake's event log", remedy)
    elif differing:
        remedy = "PUT /v1/plans/… with a reason calculates every open clock anew; a closed one was changed by hand."
        yield Finding(clock["_id"], f"{name} is not what its facts make of it: {', '.join(differing)}", remedy)


def _facts(desk: Desk, ticket_ids: list[str]) -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = defaultdict(list)
    wanted = {"subject": {"$in": ticket_ids}, "type": {"$in": list(FACTS)}}
    for row in desk.databases["intake"][EVENT_LOG].find(wanted, {"body": 1}).sort([("subject", 1), ("sequence", 1)]):
        event = decode(row["body"])
        found[event.subject] = with_fact(found[event.subject], event)
    return found
