"""All that a batch wants to write, at once or not at all.

Every write says by whom it is: `by` are the places, in the batch, of the works that wanted it.
"""

import logging
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pymongo import InsertOne, ReplaceOne
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import BulkWriteError, PyMongoError

from shared import crash_points
from shared.store.client import begin
from shared.store.documents import Document
from shared.store.failures import (
    DUPLICATE_KEY,
    GuardMissed,
    StoreUnavailable,
    WriteRefused,
    is_refusal,
    refusal_index,
    words,
)
from shared.store.inbox import INBOX

Row = tuple[str, Document, list[int]]  # collection, new document, by
Changed = tuple[str, Document, int, list[int]]  # collection, document, the revision it was loaded with or 0, by
_Write = tuple[InsertOne[Document] | ReplaceOne[Document], list[int]]
_log = logging.getLogger(__name__)


def commit(
    database: Database[Document],
    heard: Sequence[Row],
    changed: Iterable[Changed],
    rows: Iterable[Row],
    deadline: float,
) -> None:
    """`heard`: the inbox's rows, which go first: a replica that was faster shows there. `deadline`: monotonic seconds.

    Raises WriteRefused, GuardMissed, StoreUnavailable when the outcome is unknown by the deadline, or pymongo's errors.
    """
    groups = [_inserts(heard), *_by_kind(changed, rows)]
    with database.client.start_session() as session:
        begin(session)
        try:
            for group in groups:
                for collection, writes in group.items():
                    _write(database, collection, writes, session)
            crash_points.reached("unit_of_work.before_commit")
        except BaseException as error:
            _abort(session)
            if isinstance(error, GuardMissed) or (isinstance(error, WriteRefused) and error.is_duplicate):
                _await_majority(database, session, deadline)
            raise
        _commit(session, deadline)
    crash_points.reached("unit_of_work.after_commit")


def _inserts(rows: Iterable[Row]) -> dict[str, list[_Write]]:
    inserts: dict[str, list[_Write]] = defaultdict(list)
    for collection, row, by in rows:
        inserts[collection].append((InsertOne(row), by))
    return inserts


def _by_kind(changed: Iterable[Changed], rows: Iterable[Row]) -> tuple[Mapping[str, list[_Write]], ...]:
    """What replaces and what is new, apart: a mixed bulk goes on after a refusal, and ends with "transaction aborted",
    which is nobody's fault, in the place of what was refused. What replaces goes first: it may leave a unique name to
    what is new."""
    replaces: dict[str, list[_Write]] = defaultdict(list)
    made: list[Row] = []
    for collection, document, revision, by in changed:
        document = {**document, "revision": revision + 1}
        if revision:
            guard = {"_id": document["_id"], "revision": revision}
            replaces[collection].append((ReplaceOne(guard, document), by))
        else:
            made.append((collection, document, by))
    return replaces, _inserts([*made, *rows])


def _write(database: Database[Document], collection: str, writes: list[_Write], session: ClientSession) -> None:
    try:
        result = database[collection].bulk_write([write for write, _ in writes], ordered=False, session=session)
    except BulkWriteError as error:
        refusal = refusal_index(error)
        if refusal is None:
            raise
        index, code = refusal
        if collection == INBOX:
            raise GuardMissed("another replica has just handled one of these messages") from error
        raise WriteRefused(error, writes[index][1], is_duplicate=code == DUPLICATE_KEY) from error
    except Exception as error:
        if is_refusal(error):
            raise WriteRefused(error, []) from error
        raise
    if result.matched_count + result.inserted_count != len(writes):
        raise GuardMissed(f"a document of {collection} was changed meanwhile")


def _abort(session: ClientSession) -> None:
    try:
        session.abort_transaction()
    except PyMongoError:
        _log.debug("the store will abort the transaction by itself")


def _await_majority(database: Database[Document], session: ClientSession, deadline: float) -> None:
    """What was met here may have no majority yet, and a majority's are all that the next look would find."""
    patience = min(max(0.5, deadline - time.monotonic()), 10.0)
    nothing = {"_id": ""}  # by the index
    database[INBOX].find_one(nothing, {"_id": 1}, session=session, max_time_ms=int(patience * 1000))


def _commit(session: ClientSession, deadline: float) -> None:
    """Commits; an unknown outcome means: commit again, never run the body again."""
    tries = 0
    while True:
        try:
            session.commit_transaction()
            return
        except PyMongoError as error:
            if not error.has_error_label("UnknownTransactionCommitResult"):
                raise
            tries += 1
            pause = random.uniform(0.5, 1.0) * min(2.0, 0.02 * 2 ** min(tries, 7))
            if time.monotonic() + pause > deadline:
                raise StoreUnavailable(words(error), is_uncertain=True) from error
            time.sleep(pause)
