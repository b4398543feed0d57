"""Which core a process is kept on, where there are few."""

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.one_core import MOST_CORES, core_for

_PARENT = """
import json, os, subprocess
from shared import one_core

one_core.stay("intake-api")
with subprocess.Popen(["sleep", "60"]) as child:
    one_core.let_roam(child.pid)
    print(json.dumps([sorted(os.sched_getaffinity(pid)) for pid in (0, child.pid)]))
    child.kill()
"""


def test_on_two_cores_the_processes_of_an_api_and_the_four_workers_are_shared_out_evenly() -> None:
    assert [core_for("intake-api", place, [0, 1]) for place in range(4)] == [1, 0, 1, 0]
    workers = ("intake-worker", "assignment-worker", "sla-worker", "notify-worker")
    assert [core_for(name, 0, [0, 1]) for name in workers] == [0, 1, 1, 0]


def test_only_cores_that_may_be_used_are_chosen() -> None:
    assert [core_for("intake-api", place, [5, 7]) for place in range(2)] == [7, 5]
    assert core_for("sla-worker", 3, [6]) == 6


@given(st.text(), st.integers(0, 50), st.integers(1, 4))
def test_as_many_neighbours_as_there_are_cores_share_none(name: str, first: int, cores: int) -> None:
    chosen = [core_for(name, first + n, range(cores)) for n in range(cores)]
    assert sorted(chosen) == list(range(cores))


@pytest.mark.skipif(len(os.sched_getaffinity(0)) > MOST_CORES, reason="on many cores nobody is kept on one")
def test_a_child_that_may_roam_has_all_the_cores_and_its_parent_one() -> None:
    cores = sorted(os.sched_getaffinity(0))
    parent = subprocess.run([sys.executable, "-c", _PARENT], capture_output=True, text=True, check=True, timeout=30)
    assert json.loads(parent.stdout) == [[core_for("intake-api", 0, cores)], cores]
