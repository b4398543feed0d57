"""Documents in memory, as a handler sees them."""

from typing import cast

from shared.store.documents import Document, Documents


class _Remembered:
    def __init__(self, *documents: Document) -> None:
        self._documents = {d["_id"]: d for d in documents}

    def get(self, _collection: str, value: str) -> Document | None:
        return self._documents.get(value)


def documents(*known: Document) -> Documents:
    return cast(Documents, _Remembered(*known))


NOTHING = documents()
