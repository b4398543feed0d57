"""Who changes something says on which version he looked: If-Match with the ETag (RFC 9110 §13.1.1, RFC 6585 §3)."""

from flask import request

from shared.refusals import Invalid, Reason, Refusal
from shared.store.documents import Document


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
            reason = Reason("If-Match", "is required", "Send the ETag of what you read, or * to overwrite.")
            raise VersionMissing("This overwrites what somebody else may have changed.", (reason,))
        return None
    if header == "*":
        return None
    version = header[1:-1]
    if header != f'"{version}"' or not version.isascii() or not version.isdigit() or len(version) > 18:
        reason = Reason("If-Match", 'must be an ETag like "7", or *', "Send the ETag of what you read.")
        raise Invalid("The header If-Match is not valid.", (reason,))
    return int(version)


def refuse_other(expected: int | None, document: Document | None) -> None:
    """Raises WasChanged when the document is at another version, or is not there at all."""
    if expected is None:
        return
    current = None if document is None else document["version"]
    if current != expected:
        now = "It is not there." if current is None else f"It is at version {current} now: read it again."
        raise WasChanged(now)
