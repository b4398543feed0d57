"""A submission as it lies on the wire: a CloudEvent in structured JSON, from a stranger."""

import re
from dataclasses import dataclass
from typing import Any

import orjson

from shared import tracing
from shared.events.ticket import Actor

MAX_BYTES = 1024 * 1024
_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,255}")
_SOURCE = re.compile(r"[^\s\x00-\x1f\x7f]{1,255}")
_REPLY_QUEUE = re.compile(
    r"(reply\.|amq\.gen-)[^\s\x00]{0,200}"
    r"|amq\.rabbitmq\.reply-to\.g[\w+/-]+=*\.[\w+/-]+=*",  # direct: an Erlang term and a key, both in base64
    re.ASCII,
)


class SubmissionUnreadable(ValueError):
    """No CloudEvent, or one that nobody could be answered about."""


@dataclass(frozen=True)
class Submission:
    """`reply_to` only where it names a queue that is made for answers: through us nobody writes into an inbox."""

    source: str
    id: str
    type: str
    specversion: Any
    data: Any
    traceparent: str
    reply_to: str | None

    @property
    def row(self) -> str:
        """Its name for ever."""
        return f"{self.source} {self.id}"

    @property
    def actor(self) -> Actor:
        return Actor("integration", self.source, self.source)

    @property
    def external_reference(self) -> str | None:
        reference = self.data.get("external_reference") if isinstance(self.data, dict) else None
        return reference if isinstance(reference, str) and _NAME.fullmatch(reference) else None


def parse(body: bytes, reply_to: str | None) -> Submission:
    """Raises SubmissionUnreadable, which says what is wrong."""
    if len(body) > MAX_BYTES:
        raise SubmissionUnreadable(f"{len(body)} bytes, {MAX_BYTES} are allowed")
    try:
        envelope = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise SubmissionUnreadable(f"not JSON: {error}") from error
    if not isinstance(envelope, dict):
        raise SubmissionUnreadable("not a JSON object")
    return Submission(
        source=_matching(_SOURCE, envelope, "source"),
        id=_matching(_NAME, envelope, "id"),
        type=_matching(_NAME, envelope, "type"),
        specversion=envelope.get("specversion"),
        data=envelope.get("data"),
        traceparent=tracing.accepted(envelope.get("traceparent")) or tracing.next_hop(None),
        reply_to=reply_to if reply_to and _REPLY_QUEUE.fullmatch(reply_to) else None,
    )


def _matching(pattern: re.Pattern[str], envelope: dict[str, Any], name: str) -> str:
    value = envelope.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise SubmissionUnreadable(f"{name} must be a text of 1 to 255 characters without control characters")
    return value
