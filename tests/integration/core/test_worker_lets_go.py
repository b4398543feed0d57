"""A worker keeps nothing in memory of a message that it has parked: the largest would soon fill it."""

import gc
import weakref
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from pika import BasicProperties
from pymongo.database import Database

from shared.messaging.consumer import Delivery
from shared.store.documents import Document
from shared.store.unit_of_work import Work
from shared.worker import Service, Worker


class _Unreadable(ValueError):
    """It knows the message, as a decoder's error does."""

    raised: ClassVar[list[weakref.ref[Any]]] = []

    def __init__(self, delivery: Delivery) -> None:
        super().__init__("no event")
        self.delivery = delivery
        self.raised.append(weakref.ref(self))


@pytest.fixture
def no_collecting() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collecting")
def test_an_error_is_let_go_of_with_its_batch(database: Database[Document]) -> None:
    def read(delivery: Delivery) -> Work:
        raise _Unreadable(delivery)

    service = Service("tally", database, "amqp://127.0.0.1:1/", ["odd"], [], readers={"odd": read})
    worker = Worker(service)  # never started: what it was given is handed to it here
    worker._handle([Delivery("odd", 1, None, b"{", BasicProperties(), "odd")])
    assert database["parked"].count_documents({}) == 1
    [error] = _Unreadable.raised
    assert error() is None
