"""The envelope of an event: CloudEvents 1.0, structured JSON mode (`application/cloudevents+json`).

`sequence` numbers the announcements of one aggregate, 1..n without a gap, and is compared as an integer.
`correlationid` is the id of whatever began the chain, `causationid` that of the event or request that led to this one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import orjson

from shared.events.catalogue import CATALOGUE, TYPE_OF
from shared.events.contract import read

CONTENT_TYPE = "application/cloudevents+json"
MAX_BYTES = 64 * 1024

T = TypeVar("T")


class UnreadableEvent(ValueError):
    """The bytes are no CloudEvent, or not of a type and shape that we know."""


class EventTooLarge(ValueError):
    """An event is at most 64 KiB; long texts and attachments travel by reference."""


@dataclass(frozen=True)
class Event(Generic[T]):
    id: str
    type: str
    source: str
    subject: str
    time: datetime
    sequence: int
    data: T
    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None


def encode(event: Event[Any]) -> bytes:
    envelope = {
        "specversion": "1.0",
        "id": event.id,
        "type": event.type,
        "source": event.source,
        "subject": event.subject,
        "time": event.time,
        "sequence": event.sequence,
        "correlationid": event.correlation_id,
        "datacontenttype": "application/json",
        "data": event.data,
    }
    if event.causation_id:
        envelope["causationid"] = event.causation_id
    if event.traceparent:
        envelope["traceparent"] = event.traceparent
    body = orjson.dumps(envelope, option=orjson.OPT_UTC_Z)
    if len(body) > MAX_BYTES:
        raise EventTooLarge(f"{event.type} of {event.subject} has {len(body)} bytes, {MAX_BYTES} are allowed")
    return body


def decode(body: bytes) -> Event[Any]:
    """One of our own events from its bytes; raises UnreadableEvent, which names what is wrong."""
    try:
        envelope = orjson.loads(body)
        contract = CATALOGUE[envelope["type"]]
        return Event(
            id=_text(envelope, "id"),
            type=envelope["type"],
            source=_text(envelope, "source"),
            subject=_text(envelope, "subject"),
            time=read(datetime, envelope["time"]),
            sequence=read(int, envelope["sequence"]),
            data=read(contract, envelope["data"]),
            correlation_id=_text(envelope, "correlationid"),
            causation_id=envelope.get("causationid"),
            traceparent=envelope.get("traceparent"),
        )
    except KeyError as error:
        raise UnreadableEvent(f"missing or unknown: {error}") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise UnreadableEvent(str(error)) from error


def type_of(data: object) -> str:
    return TYPE_OF[type(data)]


def _text(envelope: dict[str, Any], name: str) -> str:
    value = envelope[name]
    if not isinstance(value, str) or not value:
        raise UnreadableEvent(f"{name} must be a text that is not empty")
    return value
