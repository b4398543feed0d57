import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cli.local.processes import Child, NotReady
from tests.support.eventually import eventually

_LAUNCHER = """
import pathlib, sys, time
from cli.local.processes import Child
child = Child("sleeper", ["sleep", "600"], {}, pathlib.Path(sys.argv[1]))
child.start()
print(child.process.pid, flush=True)
time.sleep(600)
"""


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_a_child_ends_when_its_launcher_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", _LAUNCHER, tmp_path / "log"], stdout=subprocess.PIPE) as launcher:
        assert launcher.stdout is not None
        pid = int(launcher.stdout.readline())
        assert _runs(pid)
        launcher.send_signal(signal.SIGKILL)
    eventually(lambda: _runs(pid), until=lambda runs: not runs, within=5)


def test_a_child_that_ends_while_starting_is_told_with_its_last_words(tmp_path: Path) -> None:
    child = Child("talker", ["sh", "-c", "echo out of paper; exit 3"], {}, tmp_path / "log")
    child.start()
    with pytest.raises(NotReady, match=r"talker ended while starting.*\nout of paper"):
        child.wait_ready(lambda: False)


def test_extra_environment_holds_for_one_start(tmp_path: Path) -> None:
    child = Child("teller", ["sh", "-c", "echo [$MOOD]; exec sleep 600"], {"MOOD": "calm"}, tmp_path / "log")
    child.start(MOOD="cross")
    eventually(lambda: child.last_lines(), until=lambda text: text == "[cross]")
    child.restart()
    eventually(lambda: child.last_lines(), until=lambda text: text == "[cross]\n[calm]")
    child.stop()
    assert not child.is_running()


def test_a_child_that_ignores_the_request_to_stop_is_killed_with_all_it_started(tmp_path: Path) -> None:
    script = "trap '' TERM; sleep 600 & echo $!; while :; do wait; done"
    child = Child("deaf", ["bash", "-c", script], {}, tmp_path / "log")
    child.start()
    pid = int(eventually(lambda: child.last_lines()))
    child.stop(seconds=0.5)
    eventually(lambda: _runs(pid), until=lambda runs: not runs, within=5)
