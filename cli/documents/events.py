"""The JSON Schema of each event: the envelope (`shared/events/envelope.py`) around its data."""

from cli.documents.contracts import Schema, schema_of
from shared.events.catalogue import CATALOGUE, PUBLIC, PUBLISHERS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PUBLIC = "Public: a listener may bind it."
_INTERNAL = "Internal: no listener may bind it."


def event_schemas() -> dict[str, Schema]:
    """type → a schema that stands alone"""
    return {name: {"$schema": DIALECT, "$id": f"urn:relaydesk:event:{name}", **_event(name)} for name in CATALOGUE}


def _event(name: str) -> Schema:
    definitions: dict[str, Schema] = {}
    data = schema_of(CATALOGUE[name], definitions)
    said = definitions[CATALOGUE[name].__name__].get("description", "")
    return {
        "title": name,
        "description": f"{said} {_PUBLIC if name in PUBLIC else _INTERNAL}".strip(),
        "type": "object",
        "required": [
            "specversion", "id", "type", "source", "subject", "time", "sequence", "correlationid", "datacontenttype",
            "data",
        ],
        "properties": {
            "specversion": {"type": "string", "const": "1.0", "description": "Of CloudEvents, in structured JSON."},
            "id": {"type": "string", "minLength": 1, "description": "A UUIDv7; the AMQP message_id too."},
            "type": {"type": "string", "const": name},
            "source": {"type": "string", "enum": publishers_of(name), "description": "The service that announces it."},
            "subject": {"type": "string", "minLength": 1, "description": "The id of what it is about."},
            "time": {"type": "string", "format": "date-time", "description": "When it happened, in UTC."},
            "sequence": {
                "type": "integer",
                "minimum": 1,
                "description": "Counts what `source` announces of `subject`, 1..n without a gap.",
            },
            "correlationid": {"type": "string", "minLength": 1, "description": "The id of what began the chain."},
            "causationid": {"type": "string", "description": "The id of the event or request that led to this one."},
            "traceparent": {"type": "string", "description": "W3C Trace Context."},
            "datacontenttype": {"type": "string", "const": "application/json"},
            "data": data,
        },
        "$defs": definitions,
    }  # fmt: skip


def publishers_of(name: str) -> list[str]:
    return [publisher for publisher, types in PUBLISHERS.items() if name in types]
