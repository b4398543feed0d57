"""A MongoDB client with the promises set in code, not left to the address: majority, journaled, aware times."""

from typing import Any

from pymongo import MongoClient, ReadPreference, WriteConcern
from pymongo.client_session import ClientSession
from pymongo.read_concern import ReadConcern

DURABLE = WriteConcern(w="majority", j=True, wtimeout=10_000)


def connect(url: str, service: str) -> MongoClient[dict[str, Any]]:
    """Make it after the fork. `service` is the name under which the server knows the client (`appName`)."""
    return MongoClient(
        url,
        appname=service,
        tz_aware=True,
        uuidRepresentation="standard",
        w="majority",
        journal=True,
        wTimeoutMS=10_000,
        readConcernLevel="majority",
        serverSelectionTimeoutMS=5_000,
        connectTimeoutMS=5_000,
        socketTimeoutMS=20_000,
        heartbeatFrequencyMS=2_000,
        retryWrites=True,
        retryReads=True,
    )


def begin(session: ClientSession) -> None:
    """Starts a transaction; optimistic guards in the writes take the place of a snapshot."""
    session.start_transaction(ReadConcern("local"), DURABLE, ReadPreference.PRIMARY, max_commit_time_ms=10_000)
