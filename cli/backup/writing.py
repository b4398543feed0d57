"""Reads all four databases as of one moment of the cluster, and writes every collection to a file.

A snapshot session fixes that moment at its first read. MongoDB keeps the history for it for five minutes, or for as
long as minSnapshotHistoryWindowInSeconds says.
"""

import gzip
import os
import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import OperationFailure

from cli.backup.manifest import Manifest, Part, digest, write
from cli.desk import Desk
from cli.failures import TRY_AGAIN, Failure, found_wrong
from shared.moments import utc_now
from shared.store.documents import Document
from shared.store.event_log import EVENT_LOG

_SNAPSHOT_TOO_OLD, _SNAPSHOT_UNAVAILABLE = 239, 246
_LEVEL = 3  # of gzip: most of the gain at a third of the time


def back_up(desk: Desk, folder: Path, wrote: Callable[[int], None]) -> Manifest:
    """`wrote` is told how many documents were written each time."""
    if folder.exists() and any(folder.iterdir()):
        raise found_wrong(f"{folder} is not empty: name a new folder.")
    desk.must_be_there()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    taken_at = utc_now()
    try:
        with desk.client.start_session(snapshot=True) as session:
            parts = tuple(_parts(desk, session, folder, wrote))
    except OperationFailure as error:
        raise _in_words(error) from error
    manifest = Manifest(taken_at, parts)
    write(manifest, folder)
    return manifest


def estimated_documents(desk: Desk) -> int:
    return sum(
        database[name].estimated_document_count()
        for database in desk.databases.values()
        for name in database.list_collection_names()
    )


def _parts(desk: Desk, session: ClientSession, folder: Path, wrote: Callable[[int], None]) -> Iterator[Part]:
    for database in desk.databases.values():
        database[EVENT_LOG].find_one({}, {"_id": 1}, session=session)  # the moment is before the lists of collections
    for service, database in desk.databases.items():
        (folder / service).mkdir(mode=0o700)
        for name in sorted(database.list_collection_names()):
            if not name.startswith("system."):
                yield _part(service, database[name], session, folder, wrote)


def _part(
    service: str, collection: Collection[Document], session: ClientSession, folder: Path, wrote: Callable[[int], None]
) -> Part:
    path = Part(service, collection.name, 0, 0, "").path(folder)
    documents = 0
    with path.open("xb") as file:
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=_LEVEL, filename="") as packed:
            raw: Iterable[Any] = collection.find_raw_batches({}, session=session)  # bytes, whatever its type says
            for batch in raw:
                packed.write(batch)
                count = _count(batch)
                documents += count
                wrote(count)
        file.flush()
        os.fsync(file.fileno())
    return Part(service, collection.name, documents, path.stat().st_size, digest(path))


def _count(batch: bytes) -> int:
    """Every BSON document begins with its length."""
    count = place = 0
    while place < len(batch):
        place += struct.unpack_from("<i", batch, place)[0]
        count += 1
    return count


def _in_words(error: OperationFailure) -> Exception:
    if error.code == _SNAPSHOT_TOO_OLD:
        window = "minSnapshotHistoryWindowInSeconds"
        return Failure(f"MongoDB no longer knows the moment of the backup: raise its parameter {window}.", TRY_AGAIN)
    if error.code == _SNAPSHOT_UNAVAILABLE:
        return Failure("A collection or an index was made meanwhile: begin again with a new folder.", TRY_AGAIN)
    return error
