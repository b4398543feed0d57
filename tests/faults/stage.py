"""A broker and a store of our own that may be killed, and the whole help desk on them."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.local.broker import Broker
from cli.local.store import Store
from tests.conftest import clean
from tests.faults.load import Load
from tests.faults.oracle import Finding, Oracle
from tests.support import stack
from tests.support.brokers import Brokers
from tests.support.stack import Helpdesk

PREFIX = "RELAYDESK_DATABASE_PREFIX"


@dataclass
class Stage:
    broker: Broker
    store: Store
    folder: Path

    @contextmanager
    def play(self, name: str) -> Iterator[Helpdesk]:
        """A new help desk on empty databases and queues."""
        folder = self.folder / name
        folder.mkdir()
        clean(self.broker.url)
        with stack.running(
            Brokers(self.store.url, self.broker.url, self.broker.management_url), folder, RELAYDESK_SENDER_LEASE="4s"
        ) as helpdesk:
            staff(helpdesk)
            yield helpdesk

    def load(self, helpdesk: Helpdesk, count: int, per_second: float) -> Load:
        return Load(self.broker.url, helpdesk.services.urls["intake"], helpdesk.key, count, per_second)

    def oracle(self, helpdesk: Helpdesk) -> Oracle:
        return Oracle(self.store.url, helpdesk.environment[PREFIX], helpdesk.mails)

    def away(self, part: Broker | Store, number: signal.Signals, seconds: float) -> None:
        """Ends a broker or store in the given way and brings it back `seconds` later."""
        if number == signal.SIGKILL:
            part.process.kill()
        else:
            part.process.stop()
        time.sleep(seconds)
        part.start()
        part.wait_ready()


def staff(helpdesk: Helpdesk) -> None:
    """The sample agents can take every ticket that comes."""
    for agent in ("ben", "cleo", "dana", "erik"):
        helpdesk.client("assignment").patch(f"/v1/agents/{agent}", capacity=10_000)


def settled(oracle: Oracle, load: Load, within: float, parked: int = 0, doubtful: int = 0) -> Finding:
    """The finding once nothing is wrong any more, or the last one."""
    deadline = time.monotonic() + within
    while True:
        finding = oracle.look(load.accepted, parked, doubtful)
        if not finding.wrong or time.monotonic() > deadline:
            return finding
        time.sleep(0.5)
