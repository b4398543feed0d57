"""Holds mongod's journal: until it goes on, a write is found where it was written, and has no majority."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import MongoClient, WriteConcern

from tests.support.eventually import eventually


@contextmanager
def without_journal(client: MongoClient[Any], database: str) -> Iterator[None]:
    client.admin.command("configureFailPoint", "pauseJournalFlusherThread", mode="alwaysOn")
    try:
        eventually(lambda: _stands_still(client, database))
        yield
    finally:
        client.admin.command("configureFailPoint", "pauseJournalFlusherThread", mode="off")
        asking = client[database].get_collection("probes", write_concern=WriteConcern(j=True))
        asking.insert_one({})  # wakes it


def _stands_still(client: MongoClient[Any], database: str) -> bool:
    """Whether a write gets no majority; the journal is written once more after it was told to pause."""

    def reached(kind: str) -> Any:
        return client.admin.command("hello")["lastWrite"][kind]["ts"]

    client[database]["probes"].insert_one({})
    written = reached("opTime")
    try:
        eventually(lambda: reached("majorityOpTime"), lambda majority: majority >= written, within=0.3)
    except AssertionError:
        return True
    return False


def under_way(client: MongoClient[Any], op: str, app: str) -> list[Any]:
    """What `app` is asking the store just now, of one kind."""
    asked = {"appName": app, "active": True, f"command.{op}": {"$exists": True}}
    return list(client.admin.aggregate([{"$currentOp": {"allUsers": True}}, {"$match": asked}]))
