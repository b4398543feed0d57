"""Group commit: the requests that wait while one transaction is under way share the next.

HTTP never talks to the broker: a request's writes and events go through the same unit of work as a worker's messages.
"""

import queue
import threading
import time
from concurrent.futures import Future
from typing import Any

from shared.store.failures import StoreUnavailable
from shared.store.unit_of_work import Done, Failed, Outcome, UnitOfWork, Work

GROUP = 200
LINGER = 0.02  # seconds to wait for those who were answered together and are about to ask again
PATIENCE = 5.0  # seconds for which a request waits for the store


class Committer:
    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._unit_of_work = unit_of_work
        self._waiting: queue.SimpleQueue[tuple[Work, Future[Outcome]]] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="committer", daemon=True).start()

    def put(self, work: Work) -> Future[Outcome]:
        future: Future[Outcome] = Future()
        self._waiting.put((work, future))
        return future

    def run(self, work: Work) -> Any:
        """The handler's answer. Raises what the handler raised, or StoreUnavailable."""
        try:
            outcome = self.put(work).result(timeout=4 * PATIENCE)
        except TimeoutError:
            raise StoreUnavailable("the store has not answered", is_uncertain=True) from None
        match outcome:
            case Done(answer):
                return answer
            case Failed(error):
                raise error
            case _:
                raise AssertionError("requests have no inbox")

    def _run(self) -> None:
        expected = 1
        while True:
            group = [self._waiting.get()]
            until = time.monotonic() + LINGER
            while len(group) < GROUP:
                patience = max(0.0, until - time.monotonic()) if len(group) < expected else 0.0
                try:
                    group.append(self._waiting.get(timeout=patience) if patience else self._waiting.get_nowait())
                except queue.Empty:
                    break
            try:
                outcomes = self._unit_of_work.run([work for work, _ in group], PATIENCE)
            except Exception as error:
                outcomes = [Failed(error)] * len(group)
            expected = len(group) + self._waiting.qsize()
            for (_, future), outcome in zip(group, outcomes, strict=True):
                future.set_result(outcome)
