"""The HTTP doors: tickets made by 32 clients, one ticket's way at light load, pages of the queue."""

import statistics
import time
from datetime import UTC, datetime, timedelta

import orjson
from pymongo.collection import Collection
from pymongo.database import Database

from benchmarks import requesters
from benchmarks.http_load import Load, request, run
from cli.client import Client
from cli.local.stack import System
from shared.identifiers import new_id
from shared.store.client import connect
from shared.store.documents import Document


def post_tickets(system: System, count: int, clients: int, name: str) -> tuple[Load, int]:
    """What the clients saw, and how many of the tickets the database has."""
    requesters.make_known(system, name, count)
    requests = (request("POST", "/v1/tickets", system.key, _ticket(name, n)) for n in range(count))
    load = run(_port(system), clients, requests)
    with connect(system.mongo_url, "bench") as client:
        found = client["helpdesk_intake"]["tickets"].count_documents({"subject": {"$regex": f"^{name} "}})
    return load, found


def _ticket(name: str, n: int) -> bytes:
    return orjson.dumps(
        {
            "requester": {"address": requesters.address(name, n), "name": "Ana Ruiz"},
            "subject": f"{name} the printer prints nothing, report {n}",
            "text": "It blinks twice and says nothing. " * 12,
            "topic": "access",
        }
    )


def one_at_a_time(system: System, count: int, name: str) -> list[float]:
    """Milliseconds from sending a POST until the ticket is assigned, has its clock, and its mail was handed over."""
    requesters.make_known(system, name, count)
    api = Client(system.services.urls["intake"], system.key)
    times = []
    with connect(system.mongo_url, "bench") as client:
        tickets, deliveries = client["helpdesk_intake"]["tickets"], client["helpdesk_notify"]["deliveries"]
        for n in range(count):
            start = time.perf_counter()
            made = api.post("/v1/tickets", **orjson.loads(_ticket(name, n)))
            while not _is_through(tickets, deliveries, made["id"]):
                if time.perf_counter() - start > 30:
                    raise TimeoutError(f"ticket {made['number']} was not through after 30 s")
                time.sleep(0.01)  # asking more often is a load of its own
            times.append((time.perf_counter() - start) * 1000)
            time.sleep(0.05)
    return times


def _is_through(tickets: Collection[Document], deliveries: Collection[Document], ticket_id: str) -> bool:
    sent = deliveries.find_one({"ticket_id": ticket_id, "message": "ticket_received", "state": "sent"}, {"_id": 1})
    if sent is None:
        return False
    shown = (tickets.find_one({"_id": ticket_id}, {"shown": 1}) or {}).get("shown", {})
    return bool(shown.get("assignment", {}).get("assignee") and shown.get("sla", {}).get("targets"))


def pages(system: System, stored: int, requests: int, clients: int) -> Load:
    """Pages of 25 open tickets, with `stored` tickets in the database."""
    with connect(system.mongo_url, "bench") as client:
        _fill_up(client["helpdesk_intake"], stored)
    page = request("GET", "/v1/tickets?status=open&limit=25", system.key)
    return run(_port(system), clients, (page for _ in range(requests)))


def _fill_up(database: Database[Document], stored: int) -> None:
    tickets = database["tickets"]
    pattern = tickets.find_one({"shown.sla": {"$exists": True}})
    if pattern is None:
        raise LookupError("no ticket to copy")
    missing = stored - tickets.estimated_document_count()
    for name in ("external_reference", "external_key", "first_of"):
        pattern.pop(name, None)
    for first in range(0, missing, 5000):
        tickets.insert_many(
            {
                **pattern,
                "_id": new_id(),
                "number": str(10_000_000 + n),
                "status": "open" if n % 4 else "closed",
                "created_at": datetime.now(UTC) - timedelta(seconds=n),
            }
            for n in range(first, min(missing, first + 5000))
        )


def _port(system: System) -> int:
    return int(system.services.urls["intake"].rpartition(":")[2])


def median(times: list[float]) -> float:
    return statistics.median(times)
