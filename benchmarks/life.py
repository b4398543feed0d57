"""An automated life at full load: submissions in a queue, then everything that follows for each of them."""

import time

import orjson

from benchmarks import requesters
from cli.client import Client
from cli.local.stack import System
from shared.identifiers import new_id
from shared.messaging.publisher import Message, Publisher
from shared.messaging.topology import SUBMISSIONS
from shared.store.client import connect

AGENTS = 50


def staff(system: System) -> None:
    """Enough agents of enough capacity that every ticket finds one."""
    client = Client(system.services.urls["assignment"], system.key)
    for n in range(AGENTS):
        client.post(
            "/v1/agents",
            id=f"bench-{n}",
            name=f"Agent {n}",
            address=f"bench-{n}@desk.example",
            departments=["support", "infrastructure"],
            skills=["network"],
            capacity=1000,
            invite=False,
        )


def fill(system: System, lives: int, run: str) -> None:
    publisher = Publisher(system.amqp_url, "bench")
    publisher.connection.start()
    opening = publisher.begin(timeout=10)
    for n in range(lives):
        body = orjson.dumps(
            {
                "specversion": "1.0",
                "id": f"{run}-{n}",
                "source": "bench.example",
                "type": "ticket.submit",
                "data": {
                    "requester": {"address": requesters.address(run, n), "name": "Ana Ruiz"},
                    "subject": f"VPN drops every hour, report {n}",
                    "text": "It drops every hour, on the hour. " * 12,
                    "topic": "network" if n % 2 else "access",
                    "external_reference": f"{run}-{n}",
                },
            }
        )
        publisher.publish(Message(new_id(), SUBMISSIONS, "ticket.submit", body), opening, timeout=30)
    publisher.wait_confirmed(lives, opening, timeout=60)
    publisher.connection.stop()


def measure(system: System, lives: int, run: str) -> float:
    """Lives a second, from the first ticket made until all are assigned, promised, acknowledged, and shown so.

    The sender rests: what is measured ends with the acknowledgement rendered and stored.
    """
    worker = system.services.processes["intake-worker"]
    worker.stop()
    requesters.make_known(system, run, lives)
    fill(system, lives, run)
    with connect(system.mongo_url, "bench") as client:
        tickets = client["helpdesk_intake"]["tickets"]
        deliveries = client["helpdesk_notify"]["deliveries"]
        before = tickets.estimated_document_count()
        acknowledged_before = deliveries.count_documents({"message": "ticket_received"})
        worker.start()
        while tickets.estimated_document_count() == before:
            time.sleep(0.005)
        start = time.perf_counter()
        complete = {
            "external_key": {"$regex": f"^bench.example {run}-"},
            "shown.assignment.assignee": {"$ne": None},
            "shown.sla.targets.resolution.due_at": {"$ne": None},
        }
        while (
            tickets.estimated_document_count() < before + lives
            or tickets.count_documents(complete) < lives
            or deliveries.count_documents({"message": "ticket_received"}) < acknowledged_before + lives
        ):
            if time.perf_counter() - start > 600:
                raise TimeoutError(f"{tickets.count_documents(complete)} of {lives} lives were complete after 600 s")
            time.sleep(0.5)
        return lives / (time.perf_counter() - start)


def close_all(system: System) -> None:
    """Ends all open tickets by submission, so that the agents are free again."""
    publisher = Publisher(system.amqp_url, "bench")
    publisher.connection.start()
    opening = publisher.begin(timeout=10)
    with connect(system.mongo_url, "bench") as client:
        tickets = client["helpdesk_intake"]["tickets"]
        names = [row["_id"] for row in tickets.find({"status": {"$ne": "closed"}}, {"_id": 1})]
        for name in names:
            body = orjson.dumps(
                {
                    "specversion": "1.0",
                    "id": f"close-{name}",
                    "source": "bench.example",
                    "type": "ticket.close",
                    "data": {"ticket_id": name, "reason": "the run is over"},
                }
            )
            publisher.publish(Message(new_id(), SUBMISSIONS, "ticket.close", body), opening, timeout=30)
        workloads = client["helpdesk_assignment"]["workloads"]
        while sum(row["open"] for row in workloads.find()):
            time.sleep(0.5)
    publisher.connection.stop()
