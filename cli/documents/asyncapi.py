"""One AsyncAPI 3.0 document of all that goes over the broker: what Relaydesk announces, and what it may be told."""

from importlib import import_module
from pathlib import Path
from typing import Any

import orjson

from cli.documents.contracts import Schema, moved
from cli.documents.events import event_schemas, publishers_of
from cli.documents.submissions import submission_schemas
from shared.events import examples
from shared.events.catalogue import PUBLISHERS
from shared.events.envelope import CONTENT_TYPE
from shared.messaging.topology import EVENTS, SUBMISSIONS

_EXAMPLES = Path(examples.__path__[0])
_ANSWERS = ("submission.accepted", "submission.rejected")
_SUBMISSIONS = "submissions"
_ABOUT = """\
Relaydesk announces what happens to a ticket and to its promises, and takes commands from other systems: submissions.
All are CloudEvents 1.0 in structured JSON over AMQP 0-9-1; a type is its routing key. An event has at most 64 KiB, a
submission 1 MiB.

A contract grows by optional fields: ignore those that you don't know. A breaking change is a new type beside the old
one (`ticket.created.v2`).
"""


def asyncapi() -> dict[str, Any]:
    events, submissions = event_schemas(), submission_schemas()
    definitions: dict[str, Schema] = {}
    for schema in (*events.values(), *submissions.values()):
        definitions |= schema["$defs"]
    correlation = {"correlationId": {"location": "$message.payload#/correlationid"}}
    messages = {name: _message(schema, _EXAMPLES / f"{name}.json") | correlation for name, schema in events.items()}
    for name, schema in submissions.items():
        messages[name] = _message(schema, _EXAMPLES / "submissions" / f"{name}.json")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Relaydesk: events and submissions",
            "version": "1.0.0",
            "description": _ABOUT,
            "tags": [*map(_publisher, PUBLISHERS), {"name": _SUBMISSIONS, "description": "What others may ask for."}],
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {"broker": {"host": "127.0.0.1:5672", "protocol": "amqp", "protocolVersion": "0.9.1"}},
        "channels": {
            **{name: _channel(schema, EVENTS, publishers_of(name)) for name, schema in events.items()},
            **{name: _channel(schema, SUBMISSIONS, [_SUBMISSIONS]) for name, schema in submissions.items()},
            "answers": _ANSWERING,
        },
        "operations": {
            **{f"{by}.announces.{name}": _announces(name) for name in events for by in publishers_of(name)},
            **{f"intake.takes.{name}": _takes(name) for name in submissions},
        },
        "components": {
            "messages": messages,
            "schemas": moved(definitions, "#/$defs/", "#/components/schemas/"),
        },
    }


_ANSWERING = {
    "address": None,
    "description": "The queue that a submission's `reply_to` names: direct reply-to, or one called `reply.…`.",
    "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _ANSWERS},
    "tags": [{"name": _SUBMISSIONS}],
}


def _publisher(name: str) -> dict[str, str]:
    return {"name": name, "description": import_module(f"shared.events.{name}").__doc__ or ""}


def _message(schema: Schema, example: Path) -> dict[str, Any]:
    payload = {part: schema[part] for part in ("type", "required", "properties")}
    return {
        "name": schema["title"],
        "title": schema["title"],
        "contentType": CONTENT_TYPE,
        "payload": moved(payload, "#/$defs/", "#/components/schemas/"),
        "examples": [{"payload": orjson.loads(example.read_bytes())}],
    }


def _channel(schema: Schema, exchange: str, tags: list[str]) -> dict[str, Any]:
    name = schema["title"]
    described = {"name": exchange, "type": "topic", "durable": True, "autoDelete": False}
    return {
        "address": name,
        "description": schema["description"],
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "tags": [{"name": tag} for tag in tags],
        "bindings": {"amqp": {"is": "routingKey", "exchange": described, "bindingVersion": "0.3.0"}},
    }


def _announces(name: str) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{name}"},
        "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
        "bindings": {"amqp": {"deliveryMode": 2, "bindingVersion": "0.3.0"}},
    }


def _takes(name: str) -> dict[str, Any]:
    return {
        **_announces(name),
        "action": "receive",
        "reply": {
            "address": {"location": "$message.header#/reply_to"},
            "channel": {"$ref": "#/channels/answers"},
            "messages": [{"$ref": f"#/channels/answers/messages/{answer}"} for answer in _ANSWERS],
        },
    }
