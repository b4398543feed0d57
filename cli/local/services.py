"""The system's own processes on given brokers: setup, four APIs, four workers, the sender."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.local.processes import Child, stop_together

SERVICES = ("intake", "assignment", "sla", "notify")
ROOT = Path(__file__).resolve().parents[2]
WORKERS_GIVE_WAY = 19  # docs/decisions/0033
_GUNICORN = ("-m", "gunicorn", "-c", "shared/http/gunicorn_conf.py")


class SetupFailed(RuntimeError):
    """`relaydesk setup` ended with an error; the text is what it said."""


@dataclass(frozen=True)
class Services:
    """`urls` by service; `processes` by name: intake-api, intake-worker, …, notify-sender."""

    urls: dict[str, str]
    processes: dict[str, Child]

    def start(self) -> None:
        for process in self.processes.values():
            process.start()

    def wait_ready(self, key: str) -> None:
        """Until every API answers and has heard of the key, which its worker must have taken from the broker."""
        for service, url in self.urls.items():
            self.processes[f"{service}-api"].wait_ready(lambda url=url: _lets_in(url, key))  # type: ignore[misc]

    def stop(self) -> None:
        """The APIs take nothing new while the workers still finish what is in hand."""
        stop_together([p for name, p in self.processes.items() if name.endswith("-api")])
        stop_together([p for name, p in self.processes.items() if not name.endswith("-api")])


def services(
    folder: Path, environment: Mapping[str, str], secrets: Mapping[str, Mapping[str, str]], ports: Sequence[int]
) -> Services:
    """`environment` is for all (see .env.example), `secrets` are settings by service; `ports` are for the four APIs."""
    commands: dict[str, tuple[str, ...]] = {}
    binds: dict[str, dict[str, str]] = {}
    for service, port in zip(SERVICES, ports, strict=True):
        commands[f"{service}-api"] = (*_GUNICORN, f"services.{service}.wsgi:app")
        binds[f"{service}-api"] = {"RELAYDESK_BIND": f"127.0.0.1:{port}"}
        commands[f"{service}-worker"] = ("-m", f"services.{service}.worker")
    commands["notify-sender"] = ("-m", "services.notify.sender")
    processes = {
        name: Child(
            name,
            [sys.executable, *command],
            {**environment, **secrets[name.partition("-")[0]], **binds.get(name, {})},
            folder / f"{name}.log",
            ROOT,
            niceness=0 if name.endswith("-api") else WORKERS_GIVE_WAY,
        )
        for name, command in commands.items()
    }
    return Services({s: f"http://127.0.0.1:{p}" for s, p in zip(SERVICES, ports, strict=True)}, processes)


def set_up(environment: Mapping[str, str], secrets: Path) -> str:
    """Runs `relaydesk setup` with the sample agents; returns the administrator's API key. `secrets` is their folder."""
    command = [sys.executable, "-m", "cli.main", "setup", "--sample", "--json", "--secrets", str(secrets)]
    surroundings = {**os.environ, **environment}
    result = subprocess.run(command, env=surroundings, cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise SetupFailed(result.stderr.strip()[-2000:])
    return str(json.loads(result.stdout)["api_key"])


def _lets_in(url: str, key: str) -> bool:
    request = urllib.request.Request(f"{url}/v1/no-such-thing", headers={"Authorization": f"Bearer {key}"})  # noqa: S310  # our own address
    try:
        urllib.request.urlopen(request, timeout=2).close()  # noqa: S310
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code == 404
    except OSError:
        return False
    return True
