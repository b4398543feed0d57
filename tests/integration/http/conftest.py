"""The application that counts, served by gunicorn as every API is."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from cli.local.ports import free_ports, is_free
from cli.local.processes import Child

Serve = Callable[..., Child]


@pytest.fixture
def port() -> int:
    return free_ports(1)[0]


@pytest.fixture
def taken(tmp_path: Path) -> Path:
    """A line for each request that the application took."""
    (file := tmp_path / "taken").touch()
    return file


@pytest.fixture
def serve(tmp_path: Path, port: int, taken: Path) -> Iterator[Serve]:
    """Starts it with so many threads, and what gunicorn is told besides."""
    with ExitStack() as stopping:

        def serve(threads: int, *told: str) -> Child:
            surroundings = {
                "RELAYDESK_BIND": f"127.0.0.1:{port}",
                "RELAYDESK_API_THREADS": str(threads),
                "RELAYDESK_API_WORKERS": "1",
                "TAKEN": str(taken),
            }
            command = [sys.executable, "-m", "gunicorn", "-c", "shared/http/gunicorn_conf.py", *told]
            child = Child("door", [*command, "tests.integration.http.counting_app:app"], surroundings, tmp_path / "log")
            child.start()
            stopping.callback(child.stop)
            child.wait_ready(lambda: not is_free(port))
            return child

        yield serve
