"""A database that is seeded once and put back before each test: to make its collections takes longer than a test."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pymongo.client_session import ClientSession
from pymongo.database import Database

from shared.store import indexes
from shared.store.client import connect
from shared.store.documents import Document
from shared.store.indexes import Indexes


@dataclass(frozen=True)
class Seeded:
    """`documents`: what the seed wrote, by collection."""

    database: Database[Document]
    documents: dict[str, list[Document]]

    def put_back(self) -> Database[Document]:
        """As it was after the seed, for a reader at once."""
        names = self.database.list_collection_names()

        def write(session: ClientSession) -> None:
            for name in names:
                self.database[name].delete_many({}, session=session)
                if self.documents.get(name):
                    self.database[name].insert_many(self.documents[name], session=session)

        with self.database.client.start_session() as session:
            session.with_transaction(write)
        return self.database


@contextmanager
def seeded(
    mongo_url: str, service: str, collections: Indexes, seed: Callable[[Database[Document]], None] = lambda _: None
) -> Iterator[Seeded]:
    """Named as the service would name it; gone afterwards."""
    with connect(mongo_url, "tests") as client:
        database = client[f"test_{uuid.uuid4().hex[:12]}_{service}"]
        indexes.create(database, collections)
        seed(database)
        yield Seeded(database, {name: list(database[name].find()) for name in database.list_collection_names()})
        client.drop_database(database.name)
