"""The step that all have in common who learn or decide something about a clock: fold again, announce the difference."""

from datetime import datetime

from services.sla.clock_repository import CLOCKS, facts_of, promised, snapshot_of, targets_of, told_of, with_clock
from services.sla.domain.clock import fold
from services.sla.domain.news import news
from shared.store.documents import Announcement, Changes, Document, Documents


def refold_clock(document: Document, documents: Documents, now: datetime, reason: str) -> Changes:
    """`document` with what is newly known, and with the targets that were announced before."""
    ticket = snapshot_of(document)
    before, told = targets_of(document), told_of(document)
    clock = fold(ticket.created_at, ticket.severity, facts_of(document), promised(document, documents))
    found = news(ticket, before, clock.targets, told, (document["plan_id"], document["plan_version"]), reason, now)
    return announcing(with_clock(document, clock), list(found), now)


def announcing(document: Document, found: list[object], now: datetime) -> Changes:
    """The document with its events: numbered on, their time never before that of the last one."""
    if not found:
        return Changes(documents=[(CLOCKS, document)])
    time = max(now, document["announced_at"] or now)
    first = document["version"] + 1
    return Changes(
        documents=[(CLOCKS, {**document, "version": document["version"] + len(found), "announced_at": time})],
        events=[Announcement(data, document["_id"], first + i, time) for i, data in enumerate(found)],
    )
