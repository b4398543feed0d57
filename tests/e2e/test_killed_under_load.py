"""A short form of `make faults`: every kind of process is killed once while tickets come in."""

import signal
from pathlib import Path

import pytest

from tests.conftest import clean
from tests.faults.load import Load
from tests.faults.oracle import Oracle
from tests.faults.stage import PREFIX, settled, staff
from tests.support import stack
from tests.support.brokers import Brokers

TICKETS = 200
_PLACES = {
    "intake-worker": "worker.before_ack:2",
    "assignment-worker": "unit_of_work.before_commit:2",
    "sla-worker": "worker.before_ack:2",
    "notify-worker": "worker.before_ack:2",
    "notify-sender": "sender.before_data:3",
}


@pytest.mark.timeout(240)
def test_nothing_is_lost_or_doubled(the_brokers: Brokers, tmp_path: Path) -> None:
    clean(the_brokers.amqp_url)
    with stack.running(the_brokers, tmp_path, RELAYDESK_SENDER_LEASE="4s") as helpdesk:
        staff(helpdesk)
        load = Load(the_brokers.amqp_url, helpdesk.services.urls["intake"], helpdesk.key, TICKETS, 40.0)
        for process, place in _PLACES.items():
            helpdesk.processes[process].restart(RELAYDESK_CRASH_AT=place)
        load.start()
        for process in _PLACES:
            child = helpdesk.processes[process]
            assert child.process is not None
            assert child.process.wait(60) == -signal.SIGKILL, process
            child.start()
        load.join(60)
        oracle = Oracle(the_brokers.mongo_url, helpdesk.environment[PREFIX], helpdesk.mails)
        finding = settled(oracle, load, within=90, doubtful=3)  # in the hands of the sender's other threads
        oracle.close()
    clean(the_brokers.amqp_url)
    assert not finding.wrong, finding.line("every process killed once")
    assert (finding.ok, finding.lost, finding.duplicated, finding.unexpected) == (TICKETS, 0, 0, 0)
