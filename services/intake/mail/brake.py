"""How often one address is answered by machine: a loop that no header gives away runs out of breath.

Each address has a row for an hour, from the first ticket that it opens by mail. Beyond ten of them its mails are taken
as a machine's, so they still become tickets, and nobody answers them by machine.
"""

from datetime import datetime, timedelta

from shared.store.documents import Document, Documents, Key

MAIL_SENDERS = "mail_senders"
MOST = 10  # tickets
WINDOW = timedelta(hours=1)


def sender_key(address: str) -> Key:
    return Key(MAIL_SENDERS, address.lower())


def counted(address: str, documents: Documents, now: datetime) -> Document:
    """The address's row with one ticket more."""
    row = documents.get(*sender_key(address))
    if row is None or row["expires_at"] <= now:
        row = {"_id": address.lower(), "opened": 0, "expires_at": now + WINDOW}
    return {**row, "opened": row["opened"] + 1}


def is_too_much(row: Document) -> bool:
    return bool(row["opened"] > MOST)
