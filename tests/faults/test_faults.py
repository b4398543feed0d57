"""Real processes under load, ended at the worst moments: nothing lost, nothing doubled, no manual repair.

`make faults` prints a line a scenario in the oracle's words.
"""

import sys
from collections.abc import Iterator

import pytest

from cli.local.broker import Broker
from cli.local.store import Store
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.faults.stage import Stage, settled

TICKETS = 500
PER_SECOND = 60.0

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("faults")
    for path in (folder, folder.parent, folder.parent.parent):
        path.chmod(0o711)
    store, broker = Store(folder / "store", _say, with_fail_points=True), Broker(folder / "broker", _say)
    try:
        for part in (store, broker):
            part.start()
        store.wait_ready()
        broker.wait_ready()
        yield Stage(broker, store, folder)
    finally:
        broker.stop()
        store.stop()


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)
def test_survives(scenario: Scenario, stage: Stage, request: pytest.FixtureRequest) -> None:
    with stage.play(f"scenario-{SCENARIOS.index(scenario)}") as helpdesk:
        load = stage.load(helpdesk, TICKETS, PER_SECOND)
        load.start()
        scenario.fault(stage, helpdesk)
        load.join(120)
        oracle = stage.oracle(helpdesk)
        try:
            finding = settled(oracle, load, 90, scenario.parked, scenario.doubtful)
        finally:
            oracle.close()
    sys.__stdout__.write("\n" + finding.line(scenario.name))  # type: ignore[union-attr]  # pytest keeps it open
    assert not finding.wrong
    assert (finding.ok, finding.lost, finding.duplicated, finding.unexpected) == (TICKETS, 0, 0, 0)
