"""A ticket for people and programs to read: its present state in one place, from the document as it is."""

from typing import Any

from shared.store.documents import Document

_SAME = ("number", "subject", "status", "severity", "priority", "topic", "created_at", "changed_at", "tags")
_MORE = (
    "severity_reason",
    "is_priority_overridden",
    "triage_reason",
    "impact",
    "urgency",
    "channel",
    "custom_fields",
    "follows",
    "resolution",
    "rating",
    "version",
)
LISTED = dict.fromkeys((*_SAME, "requester", "shown"), 1)


def listed(document: Document) -> dict[str, Any]:
    """A row of a list."""
    shown = document.get("shown", {})
    assignment, sla = shown.get("assignment"), shown.get("sla")
    row: dict[str, Any] = {"id": document["_id"]}
    for name in _SAME:
        row[name] = document[name]
    row["requester"] = document["requester"]
    row["assignee"] = assignment and assignment["assignee"]
    row["department"] = assignment and assignment["department"]
    row["assignment_status"] = assignment and assignment["status"]
    row["is_overdue"] = bool(sla and sla["is_overdue"])
    row["targets"] = [
        {"target": name, "due_at": target["due_at"], "state": target["state"]}
        for name, target in sorted(sla["targets"].items() if sla else ())
    ]
    return row


def whole(document: Document) -> dict[str, Any]:
    more = {name: document[name] for name in _MORE}
    for name in ("external_reference", "links_valid_from", "escalated_to"):
        more[name] = document.get(name)
    return {**listed(document), **more}


def shown_entry(document: Document) -> dict[str, Any]:
    """A thread entry, as who works on the ticket reads it."""
    same = {name: document[name] for name in ("kind", "author", "text", "at", "attachments")}
    return {"id": document["_id"], **same, "raw_mail_id": document.get("raw_mail_id")}
