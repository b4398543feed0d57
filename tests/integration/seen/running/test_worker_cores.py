"""Each worker's process is kept on one core of a small machine."""

import os

import pytest

from shared.one_core import MOST_CORES, core_for
from tests.integration.seen.running.conftest import WORKERS, Seen


@pytest.mark.skipif(len(os.sched_getaffinity(0)) > MOST_CORES, reason="on many cores nobody is kept on one")
@pytest.mark.parametrize("name", WORKERS)
def test_a_worker_is_kept_on_the_core_of_its_name(seen: Seen, name: str) -> None:
    process = seen.helpdesk.processes[name].process
    assert process is not None
    assert os.sched_getaffinity(process.pid) == {core_for(name, 0, sorted(os.sched_getaffinity(0)))}
