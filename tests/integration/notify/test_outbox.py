"""How senders at rest learn of what has been written."""

import threading
from datetime import timedelta

from services.notify.outbox import Outbox
from tests.integration.notify.conftest import Desk
from tests.support.eventually import eventually


def test_a_burst_that_finds_all_senders_awake_is_followed_by_further_news(desk: Desk) -> None:
    news, stopping = threading.BoundedSemaphore(2), threading.Event()
    watching = threading.Thread(target=Outbox(desk.database, timedelta(seconds=20)).watch, args=(news, stopping))

    def is_told() -> bool:
        desk.hears()
        return news.acquire(timeout=1)

    watching.start()
    assert news.acquire(blocking=False)
    assert news.acquire(blocking=False)
    eventually(is_told)  # the stream is open
    for _ in range(20):
        desk.hears()
    assert news.acquire(timeout=5)
    eventually(lambda: not news.acquire(timeout=1))
    assert watching.is_alive()
    assert is_told()
    stopping.set()
    watching.join()
