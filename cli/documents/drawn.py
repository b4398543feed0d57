"""The documents that are drawn from the code, where they lie, and whether what they promised still holds."""

from pathlib import Path
from typing import Any

import orjson

from cli.documents import lifecycle
from cli.documents.asyncapi import asyncapi
from cli.documents.compatibility import breaks
from cli.documents.events import event_schemas
from cli.documents.submissions import submission_schemas

ROOT = Path(__file__).resolve().parents[2]
ASYNCAPI = ROOT / "shared" / "events" / "asyncapi.json"
SCHEMAS = ROOT / "shared" / "events" / "schemas"
LIFECYCLE = ROOT / "docs" / "lifecycle.md"


def drawn() -> dict[Path, str]:
    """path → text, as it should be"""
    schemas = event_schemas() | submission_schemas()
    return {
        LIFECYCLE: lifecycle.written(LIFECYCLE.read_text()),
        ASYNCAPI: _json(asyncapi()),
        **{SCHEMAS / f"{name}.json": _json(schema) for name, schema in schemas.items()},
    }


def broken_promises(frozen: Path = SCHEMAS) -> list[str]:
    """What the code no longer keeps of the schemas as they were written last."""
    events, submissions = event_schemas(), submission_schemas()
    found = []
    for path in sorted(frozen.glob("*.json")):
        name, before = path.stem, orjson.loads(path.read_bytes())
        after = events.get(name) or submissions.get(name)
        if after is None:
            found.append(f"{name}: the type is gone")
        else:
            after = orjson.loads(orjson.dumps(after))
            found += [f"{name}: {broken}" for broken in breaks(before, after, is_announced=name in events)]
    return found


def _json(document: dict[str, Any]) -> str:
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
