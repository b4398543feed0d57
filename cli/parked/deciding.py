"""What an operator decides about a parked message. The service's worker does the rest, within a second."""

import orjson
from gridfs import GridFSBucket

from cli.failures import Failure, found_wrong
from cli.parked.choosing import Parked
from cli.setup import QUEUES
from shared.events.envelope import Event, UnreadableEvent, decode
from shared.messaging.parking import PARKED, Parking
from shared.messaging.topology import EVENTS
from shared.moments import utc_now
from shared.store.inbox import INBOX

_CARRY_EVENTS = {queue.name for queue in QUEUES if queue.exchange == EVENTS}


def retry(parked: Parked) -> bool:
    """False when it has gone through meanwhile."""
    due = {"$set": {"next_try_at": utc_now()}}
    return parked.database[PARKED].update_one({"_id": parked.row["_id"]}, due).matched_count == 1


def mend(parked: Parked, body: bytes) -> None:
    """Puts another body in the place of the one that came. Refuses what would be parked again at once."""
    try:
        decode(body) if parked.row["queue"] in _CARRY_EVENTS else orjson.loads(body)
    except (UnreadableEvent, orjson.JSONDecodeError) as error:
        raise found_wrong(f"The new body can't be read either: {error}. The message stays as it is.") from error
    mended = {"$set": {"body": body, "size": len(body)}, "$unset": {"body_id": ""}}
    if not parked.database[PARKED].update_one({"_id": parked.row["_id"]}, mended).matched_count:
        raise _gone(parked)
    if "body_id" in parked.row:
        GridFSBucket(parked.database, "parked_bodies").delete(parked.row["body_id"])


def discard(parked: Parked) -> None:
    """Gives it up for good: an event is noted as heard, so that neither the relay nor a replay brings it back."""
    event = event_in(parked)
    if event is not None:
        heard = {"$setOnInsert": {"at": utc_now()}}
        parked.database[INBOX].update_one({"_id": event.id}, heard, upsert=True)
    Parking(parked.database).discard(parked.row)


def body_of(parked: Parked) -> bytes:
    row = parked.database[PARKED].find_one({"_id": parked.row["_id"]})
    if row is None:
        raise _gone(parked)
    return Parking(parked.database).body(row)


def event_in(parked: Parked) -> Event[object] | None:
    """None for a submission, and for what can't be read."""
    if parked.row["queue"] not in _CARRY_EVENTS:
        return None
    try:
        return decode(body_of(parked))
    except UnreadableEvent:
        return None


def _gone(parked: Parked) -> Failure:
    return found_wrong(f"{parked.id} has gone through meanwhile.")
