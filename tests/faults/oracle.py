"""Was anything lost, doubled or left for a person? Counted in the databases and in the mails that a server got.

The words are those of RabbitMQ's Jepsen runs: ok, lost, duplicated, unexpected, recovered (accepted at a later try).
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from pymongo import MongoClient

from shared.store.client import connect
from shared.store.documents import Document
from tests.faults.load import Accepted

SERVICES = ("intake", "assignment", "sla", "notify")
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


@dataclass
class Finding:
    ok: int = 0
    lost: int = 0
    duplicated: int = 0
    unexpected: int = 0
    recovered: int = 0
    parked: int = 0
    wrong: list[str] = field(default_factory=list)

    def line(self, scenario: str) -> str:
        numbers = " ".join(
            f"{name} {getattr(self, name)}"
            for name in ("ok", "lost", "duplicated", "unexpected", "recovered", "parked")
        )
        return f"{scenario:58s} {numbers}" + (f"  WRONG: {'; '.join(self.wrong[:6])}" if self.wrong else "")


class Oracle:
    def __init__(self, mongo_url: str, prefix: str, mails: Path) -> None:
        self._client: MongoClient[Document] = connect(mongo_url, "oracle")
        self._prefix = prefix
        self._mails = mails

    def close(self) -> None:
        self._client.close()

    def look(self, accepted: Accepted, expected_parked: int = 0, expected_doubtful: int = 0) -> Finding:
        """What is true now; while the system still works on it, `wrong` says what isn't there yet."""
        finding = Finding()
        tickets = {row["_id"]: row for row in self._all("intake", "tickets")}
        by_reference = Counter(_reference(row) for row in tickets.values())
        for reference, tries in accepted.tries.items():
            count = by_reference.pop(reference, 0)
            finding.ok += count == 1
            finding.lost += count == 0
            finding.duplicated += count > 1
            finding.recovered += count == 1 and tries > 1
        finding.unexpected = sum(by_reference.values())
        finding.parked = sum(self._count(service, "parked") for service in SERVICES)
        if finding.parked != expected_parked:
            finding.wrong.append(f"{finding.parked} parked instead of {expected_parked}")
        self._look_at_versions(finding)
        self._look_at_hearers(finding, tickets)
        self._look_at_mails(finding, tickets, expected_doubtful)
        return finding

    def _look_at_versions(self, finding: Finding) -> None:
        for service in SERVICES:
            log = self._client[f"{self._prefix}_{service}"]["event_log"]
            gaps = list(
                log.aggregate(
                    [
                        {"$group": {"_id": "$subject", "count": {"$sum": 1}, "last": {"$max": "$sequence"}}},
                        {"$match": {"$expr": {"$ne": ["$count", "$last"]}}},
                    ]
                )
            )
            if gaps:
                finding.wrong.append(f"{service}: {len(gaps)} aggregates with a gap")

    def _look_at_hearers(self, finding: Finding, tickets: dict[str, Document]) -> None:
        assignments = {row["_id"]: row for row in self._all("assignment", "assignments")}
        clocks = {row["_id"]: row for row in self._all("sla", "clocks")}
        if set(assignments) != set(tickets):
            finding.wrong.append(f"assignment knows {len(assignments)} of {len(tickets)} tickets")
        if set(clocks) != set(tickets):
            finding.wrong.append(f"sla knows {len(clocks)} of {len(tickets)} tickets")
        behind = Counter[str]()
        for name, ticket in tickets.items():
            shown = ticket.get("shown", {})
            assignment, clock = assignments.get(name), clocks.get(name)
            behind["assigned"] += assignment is not None and assignment["state"] != "assigned"
            behind["shown.assignment"] += (assignment or {}).get("version") != shown.get("assignment", {}).get(
                "sequence"
            )
            behind["shown.sla"] += (clock or {}).get("version") != shown.get("sla", {}).get("sequence")
        finding.wrong += [f"{count} not {what}" for what, count in behind.items() if count]
        breaches = self._client[f"{self._prefix}_sla"]["event_log"].count_documents({"type": "sla.breached"})
        if breaches:
            finding.wrong.append(f"{breaches} false breaches")
        loads = sum(row["open"] for row in self._all("assignment", "workloads"))
        held = sum(1 for row in assignments.values() if row["state"] == "assigned")
        if loads != held:
            finding.wrong.append(f"workloads say {loads} open, assignments {held}")

    def _look_at_mails(self, finding: Finding, tickets: dict[str, Document], expected_doubtful: int) -> None:
        deliveries = list(self._all("notify", "deliveries"))
        acknowledged = Counter(row["ticket_id"] for row in deliveries if row["message"] == "ticket_received")
        if set(acknowledged) != set(tickets) or any(count != 1 for count in acknowledged.values()):
            finding.wrong.append(f"{len(acknowledged)} of {len(tickets)} tickets have their one acknowledgement")
        unsent = Counter(row["state"] for row in deliveries if row["state"] != "sent")
        if unsent:
            finding.wrong.append(f"unsent: {dict(unsent)}")
        doubtful = {row["letter"]["message_id"] for row in deliveries if row["doubts"]}
        if len(doubtful) > expected_doubtful:
            finding.wrong.append(f"{len(doubtful)} doubtful mails, at most {expected_doubtful} can be")
        seen = Counter(message_ids(self._mails))
        for row in deliveries:
            count = seen.pop(row["letter"]["message_id"], 0)
            allowed = (1, 2) if row["letter"]["message_id"] in doubtful else (1,)
            if row["state"] == "sent" and count not in allowed:
                finding.wrong.append(f"a mail was seen {count} times")
        if seen:
            finding.wrong.append(f"{len(seen)} mails that nobody knows of")

    def _all(self, service: str, collection: str) -> list[Document]:
        return list(self._client[f"{self._prefix}_{service}"][collection].find())

    def _count(self, service: str, collection: str) -> int:
        return self._client[f"{self._prefix}_{service}"][collection].count_documents({})


def message_ids(mails: Path) -> list[str]:
    found = (_MESSAGE_ID.search(path.read_bytes()) for path in mails.glob("*.eml"))
    return [match.group(1).decode() for match in found if match]


def _reference(ticket: Document) -> str:
    """The load's own name for a ticket, out of its requester's address."""
    return str(ticket["requester"]["address"]).partition("@")[0]
