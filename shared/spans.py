"""Spans for OpenTelemetry. Imported only where they are wanted: it needs the extra `otel`."""

import atexit

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanContext, SpanKind, TraceFlags

from shared.tracing import Kind, Recorder

_EXPORT_SECONDS = 5.0  # a collector that is away must not keep a process from ending in time


def to_collector(process: str) -> Recorder:
    processor = BatchSpanProcessor(OTLPSpanExporter(timeout=_EXPORT_SECONDS))
    atexit.register(processor.shutdown)
    return to(processor, process)


def to(processor: SpanProcessor, process: str) -> Recorder:
    """Writes finished spans to a processor, which drops those of a trace that is not sampled."""
    resource = Resource.create({"service.name": process})

    def record(
        name: str, kind: Kind, own: str, parent: str | None, start: int, end: int, attributes: dict[str, str | int]
    ) -> None:
        span = ReadableSpan(
            name,
            context=_context(own),
            parent=_context(parent) if parent else None,
            resource=resource,
            attributes=attributes,
            kind=SpanKind[kind.upper()],
            start_time=start,
            end_time=end,
        )
        processor.on_end(span)

    return record


def _context(traceparent: str) -> SpanContext:
    _, trace, span, flags = traceparent.split("-")
    return SpanContext(int(trace, 16), int(span, 16), is_remote=False, trace_flags=TraceFlags(int(flags, 16)))
