"""Real processes under load, ended at the worst moments: nothing lost, nothing doubled, no manual repair.

`make faults` prints a line a scenario in the oracle's words.
"""

import sys

import pytest

from tests.faults.scenarios import SCENARIOS, Scenario
from tests.faults.stage import Stage, settled

TICKETS = 500
PER_SECOND = 60.0

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


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
