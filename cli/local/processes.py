"""Child processes that never outlive the launcher: started, watched and ended by pid, each with a log file.

The kernel ends a child when the thread that started it ends (PR_SET_PDEATHSIG), even if the launcher is killed; so
start them on the main thread. Each has a session of its own: Ctrl-C reaches the launcher alone, which stops the others
in order.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class NotReady(RuntimeError):
    """A process ended, or did not become ready in time. The text ends with the last lines of its log."""


def _end_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    folder: Path | None = None
    user: str | None = None
    niceness: int = 0  # how far it gives way to the others
    process: subprocess.Popen[bytes] | None = None

    def start(self, **extra: str) -> None:
        """`extra` environment holds for this start only."""
        groups: list[str] | None = [] if self.user else None
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env={**os.environ, **self.environment, **extra},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                user=self.user,
                group=self.user,
                extra_groups=groups,
                start_new_session=True,
                preexec_fn=self._in_child,
            )

    def _in_child(self) -> None:
        _end_with_parent()
        if self.niceness:
            os.nice(self.niceness)
            with contextlib.suppress(OSError):
                # where the kernel shares the cores out by session, being nice counts only for the session as a whole
                Path("/proc/self/autogroup").write_text(str(self.niceness))

    def wait_ready(self, is_ready: Callable[[], bool], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not is_ready():
            if not self.is_running():
                raise NotReady(f"{self.name} ended while starting. Its log says:\n{self.last_lines()}")
            if time.monotonic() > deadline:
                raise NotReady(f"{self.name} was not ready after {seconds:.0f} s. Its log says:\n{self.last_lines()}")
            time.sleep(0.05)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def last_lines(self, count: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])

    def send(self, number: signal.Signals) -> None:
        """SIGSTOP freezes it, SIGCONT lets it go on, SIGTERM asks it to stop."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        """Ends it at once, with all it started itself."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self, seconds: float = 20) -> None:
        self.send(signal.SIGTERM)
        self.wait_stopped(seconds)

    def wait_stopped(self, seconds: float = 20) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def restart(self, **extra: str) -> None:
        self.kill()
        self.start(**extra)


def stop_together(children: Sequence[Child]) -> None:
    """All at once, then waits for each."""
    for child in children:
        child.send(signal.SIGTERM)
    for child in children:
        child.wait_stopped()
