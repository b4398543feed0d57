"""The JSON Schema of each submission: the marshmallow schemas by which intake reads its data, through apispec."""

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin, resolver

from cli.documents.contracts import Schema, moved
from cli.documents.events import DIALECT
from services.intake.submissions.commands import SCHEMAS

_MEANINGS = {
    "ticket.submit": "Opens a ticket.",
    "ticket.reply": "The requester replies; to a closed ticket that opens a new one, which follows it, and which the "
    "`external_reference` names from then on if the closed one was named by that.",
    "ticket.resolve": "It is done. The requester may reopen it.",
    "ticket.reopen": "It was not done after all.",
    "ticket.close": "It is over for good. A reason is needed unless the ticket is resolved.",
}
_NAMED = "Name the ticket by either `ticket_id` or the `external_reference` under which the same source opened it."
_NAME: Schema = {"type": "string", "minLength": 1, "maxLength": 255}


def submission_schemas() -> dict[str, Schema]:
    """type → a schema that stands alone"""
    return {
        name: {"$schema": DIALECT, "$id": f"urn:relaydesk:submission:{name}", **_submission(name)} for name in SCHEMAS
    }


def _submission(name: str) -> Schema:
    return {
        "title": name,
        "description": _MEANINGS[name] if name == "ticket.submit" else f"{_MEANINGS[name]} {_NAMED}",
        "type": "object",
        "required": ["specversion", "id", "source", "type", "data"],
        "properties": {
            "specversion": {"type": "string", "const": "1.0", "description": "Of CloudEvents, in structured JSON."},
            "id": {
                **_NAME,
                "description": "With `source` it names the submission for ever. A repetition has no effect.",
            },
            "source": {**_NAME, "pattern": r"^\S+$", "description": "Your system's name, always the same."},
            "type": {"type": "string", "const": name},
            "traceparent": {"type": "string", "description": "W3C Trace Context."},
            "data": {"$ref": f"#/$defs/{_definition(SCHEMAS[name])}"},
        },
        "$defs": _definitions(name),
    }


def _definitions(name: str) -> dict[str, Schema]:
    spec = APISpec("", "", "3.1.0", plugins=[MarshmallowPlugin(schema_name_resolver=_definition)])
    spec.components.schema(_definition(SCHEMAS[name]), schema=SCHEMAS[name])
    schemas = spec.to_dict()["components"]["schemas"]
    definitions: dict[str, Schema] = moved(schemas, "#/components/schemas/", "#/$defs/")
    return definitions


def _definition(schema: Any) -> str:
    """Apart from the events' definitions, of which one is a Requester too."""
    return "Submitted" + resolver(schema).removeprefix("Submitted")
