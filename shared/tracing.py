"""The trace context of W3C (https://www.w3.org/TR/trace-context/) through every hop.

A traceparent is `00-<trace>-<span>-<flags>`. Each event carries one, so all that follows from one request or submission
has one trace id, whether or not anybody records it. Spans are written down once they have ended, under the ids that
the hop had anyway; unless OTEL_EXPORTER_OTLP_ENDPOINT is set, nothing of OpenTelemetry is imported.
"""

import importlib.util
import logging
import os
import random
import re
import time
from collections.abc import Callable
from typing import Literal

_FORM = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_LENGTH = 55
_log = logging.getLogger(__name__)

Kind = Literal["server", "producer", "consumer", "client"]
# (name, kind, own traceparent, that of the parent, start and end in nanoseconds since 1970, attributes)
Recorder = Callable[[str, Kind, str, str | None, int, int, dict[str, str | int]], None]
_recorder: Recorder | None = None


def accepted(header: object) -> str | None:
    """A stranger's traceparent as ours, or None if it has not the form. Of a later version the known part is taken."""
    if not isinstance(header, str) or not _FORM.fullmatch(header[:_LENGTH]):
        return None
    if len(header) > _LENGTH and (header.startswith("00") or header[_LENGTH] != "-"):
        return None
    return f"00{header[2:_LENGTH]}"


def next_hop(parent: str | None) -> str:
    """A new span of the parent's trace; of a new trace if there is no parent."""
    if parent is None:
        return f"00-{random.getrandbits(128):032x}-{random.getrandbits(64):016x}-01"
    return f"{parent[:36]}{random.getrandbits(64):016x}{parent[52:]}"


def trace_id(traceparent: str | None) -> str | None:
    return traceparent[3:35] if traceparent else None


def configure(process: str) -> None:
    """Spans go to OpenTelemetry's collector if its own environment variable names one. Call it after the fork."""
    if "OTEL_EXPORTER_OTLP_ENDPOINT" not in os.environ:
        return
    if importlib.util.find_spec("opentelemetry") is None:
        _log.warning("OTEL_EXPORTER_OTLP_ENDPOINT is set, but no spans are recorded: install relaydesk[otel]")
        return
    from shared import spans

    record_by(spans.to_collector(process))


def record_by(recorder: Recorder | None) -> None:
    global _recorder
    _recorder = recorder


def is_recording() -> bool:
    return _recorder is not None


def record(name: str, kind: Kind, own: str, parent: str | None, started: float, **attributes: str | int | None) -> None:
    """A span that ends now. `started`: seconds since 1970."""
    if _recorder is not None:
        known = {key: value for key, value in attributes.items() if value is not None}
        _recorder(name, kind, own, parent, int(started * 1e9), time.time_ns(), known)
