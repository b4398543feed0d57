"""Puts a backup into an empty system, so that its services can go on from that moment.

It may be stopped and run again: what is there already is left alone. Until it is finished a mark in intake's database
says which backup is being restored.
"""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, cast

import bson
import pymongo
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from cli.backup import relays
from cli.backup.manifest import Manifest, Part
from cli.desk import Desk
from cli.failures import found_wrong
from cli.heard import INBOXES
from cli.queues import depth
from cli.setup import INDEXES, QUEUES
from shared.store import indexes
from shared.store.failures import DUPLICATE_KEY

MARK = "unfinished_restore"
_LONGEST_BUILD = 24 * 3600  # seconds for all indexes
_AT_ONCE, _BYTES_AT_ONCE = 1000, 8 * 1024 * 1024
_RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)


def restore(desk: Desk, folder: Path, manifest: Manifest, wrote: Callable[[int], None]) -> None:
    """`manifest` has been read, so the files are whole. `wrote` is told how many documents each time."""
    _must_not_run(desk)
    _must_be_empty(desk, manifest)
    _forget_what_came_later(desk)
    mark = desk.databases["intake"][MARK]
    mark.replace_one({"_id": manifest.id}, {}, upsert=True)
    for part in manifest.parts:
        _restore_part(desk, part, folder, wrote)
    with pymongo.timeout(_LONGEST_BUILD):
        for service, models in INDEXES.items():
            indexes.create(desk.databases[service], models)
    relays.start_over(desk)
    mark.drop()


def _must_not_run(desk: Desk) -> None:
    with desk.broker() as connection:
        for queue in QUEUES:
            found = depth(connection, queue.name)
            if found and found.consumers:
                raise found_wrong(f"A worker takes from {queue.name}: stop all services first, workers and APIs.")


def _must_be_empty(desk: Desk, manifest: Manifest) -> None:
    mark = desk.databases["intake"][MARK].find_one()
    if mark and mark["_id"] != manifest.id:
        raise found_wrong("The restore of another backup was begun here: finish that one, or drop the four databases.")
    if mark:
        return
    for database in desk.databases.values():
        for name in database.list_collection_names():
            if database[name].find_one({}, {"_id": 1}):
                raise found_wrong(
                    f"{database.name}.{name} is not empty: restore before `relaydesk setup` and before any service"
                    " runs, or drop the four databases."
                )


def _forget_what_came_later(desk: Desk) -> None:
    """Events in our inboxes are in the restored logs too, or speak of what has not happened any more."""
    with desk.broker() as connection:
        for queue in INBOXES:
            if depth(connection, queue.name):
                connection.channel().queue_purge(queue.name)


def _restore_part(desk: Desk, part: Part, folder: Path, wrote: Callable[[int], None]) -> None:
    collection = desk.databases[part.service].with_options(codec_options=_RAW)[part.collection]
    if collection.count_documents({}) == part.documents:
        wrote(part.documents)
        return
    with gzip.open(part.path(folder)) as file:
        for batch in _batches(bson.decode_file_iter(cast(IO[bytes], file), _RAW)):
            _insert(collection, batch)
            wrote(len(batch))
    if (count := collection.count_documents({})) != part.documents:
        where = f"{part.service}.{part.collection}"
        raise found_wrong(f"{where} has {count} documents, the backup {part.documents}: somebody else writes there.")


def _batches(documents: Iterator[RawBSONDocument]) -> Iterator[list[RawBSONDocument]]:
    batch: list[RawBSONDocument] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.raw)
        if len(batch) == _AT_ONCE or size > _BYTES_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _insert(collection: Collection[RawBSONDocument], batch: list[RawBSONDocument]) -> None:
    try:
        collection.insert_many(batch, ordered=False)
    except BulkWriteError as error:
        if any(refused["code"] != DUPLICATE_KEY for refused in error.details["writeErrors"]):
            raise
