"""What a service has heard: a row for each message, committed with the message's effect."""

from collections.abc import Sequence

from pymongo.database import Database

from shared.store.documents import Document

INBOX = "inbox"


def seen(database: Database[Document], ids: Sequence[str]) -> set[str]:
    """Those of `ids` whose effect was committed before."""
    if not ids:
        return set()
    return {row["_id"] for row in database[INBOX].find({"_id": {"$in": ids}}, {"_id": 1})}
