"""The consumer without a broker: waiting, and being woken."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from shared.messaging.consumer import Consumer


@pytest.fixture
def consumer() -> Consumer:
    return Consumer("amqp://127.0.0.1:1/", "test", ["tally.inbox"])


@pytest.fixture
def on_signal(consumer: Consumer) -> Iterator[None]:
    """What stops a worker, by a handler that ends long after the waiting should have."""

    def stop(*_: object) -> None:
        time.sleep(0.2)
        consumer.wake()

    before = signal.signal(signal.SIGUSR1, stop)
    yield
    signal.signal(signal.SIGUSR1, before)


@pytest.mark.timeout(20, method="thread")
@pytest.mark.usefixtures("on_signal")
def test_a_signal_that_is_handled_late_ends_the_waiting(consumer: Consumer) -> None:
    threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1)).start()
    assert consumer.take(timeout=0.1) == []


def test_who_is_woken_before_he_waits_does_not_wait(consumer: Consumer) -> None:
    consumer.wake()
    assert consumer.take(timeout=3600) == []
