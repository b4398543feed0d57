"""Who is signed in: a secret that its holder changes into short tokens, kept as a hash."""

import hashlib
import secrets
from datetime import datetime, timedelta

from pymongo.database import Database

from services.assignment.roster_repository import AGENTS
from shared.refusals import Refusal
from shared.store.documents import Document

SESSIONS = "sessions"
LIFE = timedelta(hours=12)
IDLE = timedelta(hours=4)


class SessionIsOver(Refusal):
    status = 401
    title = "The session is over"


def open_session(database: Database[Document], agent: Document, now: datetime) -> str:
    """The secret, 256 bits, to be told this once."""
    secret = secrets.token_urlsafe(32)
    row = {
        "_id": _hash(secret),
        "agent_id": agent["_id"],
        "generation": agent["generation"],
        "created_at": now,
        "last_seen_at": now,
        "expires_at": now + LIFE,
    }
    database[SESSIONS].insert_one(row)
    return secret


def renew_session(database: Database[Document], secret: str, now: datetime) -> Document:
    """The agent whose session it is. A disabled account or a new password has ended it."""
    alive = {"_id": _hash(secret), "expires_at": {"$gt": now}, "last_seen_at": {"$gt": now - IDLE}}
    found = database[SESSIONS].find_one_and_update(alive, {"$set": {"last_seen_at": now}})
    agent = database[AGENTS].find_one({"_id": found["agent_id"], "active": True}) if found else None
    if found is None or agent is None or agent["generation"] != found["generation"]:
        raise SessionIsOver("Sign in again.")
    return agent


def end_session(database: Database[Document], secret: str) -> None:
    database[SESSIONS].delete_one({"_id": _hash(secret)})


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
