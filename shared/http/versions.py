"""Who changes something says on which version he looked: If-Match with the ETag (RFC 9110 §13.1.1, RFC 6585 §3)."""

from datetime import datetime

from flask import request

from shared.http.commands import Run
from shared.refusals import Invalid, Reason, Refusal
from shared.store.documents import Changes, Document, Documents, Key

UNSAID = -1


class VersionMissing(Refusal):
    status = 428
    title = "Say which version you change"


class WasChanged(Refusal):
    status = 412
    title = "It was changed meanwhile"


def expected_version(*, is_required: bool) -> int | None:
    """The version that If-Match names; None for * and for no header. Raises VersionMissing where it is required."""
    header = request.headers.get("If-Match")
    if header is None:
        if is_required:
            raise _missing()
        return None
    if header == "*":
        return None
    version = header[1:-1]
    if header != f'"{version}"' or not version.isascii() or not version.isdigit() or len(version) > 18:
        reason = Reason("If-Match", 'must be an ETag like "7", or *', "Send the ETag of what you read.")
        raise Invalid("The header If-Match is not valid.", (reason,))
    return int(version)


def version_to_replace() -> int | None:
    """For a PUT: UNSAID without the header, with which one may make what is new, but replace nothing."""
    return expected_version(is_required=False) if "If-Match" in request.headers else UNSAID


def refuse_other(expected: int | None, document: Document | None) -> None:
    """Raises WasChanged when the document is at another version, or is not there at all."""
    if expected == UNSAID and document is not None:
        raise _missing()
    if expected is None or expected == UNSAID:
        return
    current = None if document is None else document["version"]
    if current != expected:
        now = "It is not there." if current is None else f"It is at version {current} now: read it again."
        raise WasChanged(now)


def at_version(expected: int | None, key: Key, run: Run) -> Run:
    """The handler, refused for another version of the document than `expected`."""

    def checked(documents: Documents, now: datetime) -> Changes:
        refuse_other(expected, documents.get(*key))
        return run(documents, now)

    return checked


def _missing() -> VersionMissing:
    reason = Reason("If-Match", "is required", "Send the ETag of what you read, or * to overwrite.")
    return VersionMissing("This overwrites what somebody else may have changed.", (reason,))
