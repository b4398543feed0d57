"""What is kept of a message that can't be handled: the bytes, always, and of what came with them all that can be."""

from datetime import UTC, datetime
from hashlib import sha256

from gridfs import GridFSBucket
from pika import BasicProperties
from pymongo.database import Database

from shared.messaging.parking import Parking
from shared.store.documents import Document

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LARGE = b"x" * (9 * 1024 * 1024)


def park(database: Database[Document], body: bytes, properties: BasicProperties, error: Exception) -> Document:
    Parking(database).park("tally.inbox", "ticket.created", body, properties, error, NOW)
    [row] = database["parked"].find()
    return row


def test_headers_are_kept_whatever_their_names(database: Database[Document]) -> None:
    headers = {"$set": 1, "a.b": "c", "nul\0": None, b"\xff": b"\xfe"}
    row = park(database, b"[]", BasicProperties(headers=headers, message_id=b"\xff9"), ValueError("no event"))
    assert row["headers"] == [["$set", "1"], ["a.b", "'c'"], ["nul\0", "None"], ["\\xff", "b'\\xfe'"]]
    assert (row["message_id"], row["reason"]) == ("\\xff9", "ValueError: no event")


def test_a_reason_that_is_no_text_is_spelled_out(database: Database[Document]) -> None:
    row = park(database, b"[]", BasicProperties(), ValueError("half a \ud83d"))
    assert row["reason"] == "ValueError: half a \\ud83d"


def test_what_the_store_refuses_is_left_out_and_the_bytes_are_kept(database: Database[Document]) -> None:
    row = park(database, b"[]", BasicProperties(headers={"a": 1}, message_id="half a \ud83d"), ValueError("no event"))
    assert (row["body"], row["reason"], row["attempts"]) == (b"[]", "ValueError", 1)
    assert (row["headers"], row["message_id"]) == ([], None)


def test_a_large_body_that_a_crash_left_behind_goes_once_its_message_is_parked(database: Database[Document]) -> None:
    bucket = GridFSBucket(database, "parked_bodies")
    bucket.upload_from_stream(f"tally.inbox:{sha256(LARGE).hexdigest()}", LARGE)
    bucket.upload_from_stream("tally.inbox:another", LARGE)
    row = park(database, LARGE, BasicProperties(), ValueError("no event"))
    assert sorted(stored.filename for stored in bucket.find({})) == sorted([row["_id"], "tally.inbox:another"])
    assert Parking(database).body(row) == LARGE
