"""Requesters whom the desk knows, and who ask once in a run: of one address it acknowledges ten tickets an hour."""

from datetime import UTC, datetime

from cli.local.stack import System
from services.intake.requester_repository import REQUESTERS, new_requester
from shared.store.client import connect


def address(run: str, n: int) -> str:
    return f"{run}-{n}@bench.example"


def make_known(system: System, run: str, count: int) -> None:
    now = datetime.now(UTC)
    known = ({**new_requester(address(run, n), "Ana Ruiz", "en", now), "revision": 1} for n in range(count))
    with connect(system.mongo_url, "bench") as client:
        client["helpdesk_intake"][REQUESTERS].insert_many(known)
