"""Real gunicorn: each process of an API is kept on one core of a small machine, and whoever replaces it too."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.local.ports import free_ports, is_free
from cli.local.processes import Child
from shared.one_core import MOST_CORES, core_for
from tests.support.eventually import eventually

_CORES = sorted(os.sched_getaffinity(0))


def _kept_at(place: int) -> list[int]:
    return [core_for("integration-api", place, _CORES)] if len(_CORES) <= MOST_CORES else _CORES


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Child]:
    [port] = free_ports(1)
    (taken := tmp_path / "taken").touch()
    surroundings = {
        "RELAYDESK_BIND": f"127.0.0.1:{port}",
        "RELAYDESK_API_WORKERS": "2",
        "TAKEN": str(taken),
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "shared/http/gunicorn_conf.py"]
    child = Child("door", [*command, "tests.integration.http.counting_app:app"], surroundings, tmp_path / "log")
    child.start()
    child.wait_ready(lambda: not is_free(port))
    yield child
    child.stop()


def _cores_of_workers(server: Child) -> dict[int, list[int]]:
    assert server.process is not None
    arbiter = server.process.pid
    found = {}
    for pid in map(int, Path(f"/proc/{arbiter}/task/{arbiter}/children").read_text().split()):
        try:
            found[pid] = sorted(os.sched_getaffinity(pid))
        except ProcessLookupError:
            continue
    return found


def test_each_process_has_a_core_and_its_successor_has_it_after_it(server: Child) -> None:
    expected = sorted([_kept_at(0), _kept_at(1)])

    def without(*gone: int) -> dict[int, list[int]]:
        return eventually(
            lambda: _cores_of_workers(server),
            until=lambda found: not found.keys() & set(gone) and sorted(found.values()) == expected,
        )

    first, second = without()
    os.kill(second, signal.SIGKILL)  # the younger one: counted on, the third would stand beside the first
    without(second)
    os.kill(first, signal.SIGKILL)
    without(first, second)
