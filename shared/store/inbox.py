"""What a service has heard: a row for each message, committed with the message's effect."""

from collections.abc import Sequence

from shared.store.asking import Question

INBOX = "inbox"


def heard_before(ids: Sequence[str]) -> list[Question]:
    """Finds those of `ids` whose effect was committed before."""
    return [Question(INBOX, {"_id": {"$in": ids}})] if ids else []
