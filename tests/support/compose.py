"""docker-compose.yml as an operator runs it, under a project name, ports and an image of its own."""

import json
import os
import re
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.client import Client
from cli.local.ports import free_ports

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 240  # for one command: `up --wait` waits for ever for a container that somebody removed
API_KEY = re.compile(r"rdk_\w+?_[\w-]+")
_APIS = ("intake", "assignment", "sla", "notify")


def why_not() -> str | None:
    """Why compose can't be run here."""
    for command, what in (
        (["docker", "info"], "no Docker engine answers"),
        (["docker", "compose", "version"], "no Compose v2"),
    ):
        try:
            subprocess.run(command, capture_output=True, check=True, timeout=20)
        except (OSError, subprocess.SubprocessError):
            return what
    return None


@dataclass
class Project:
    name: str
    environment: dict[str, str]
    urls: dict[str, str]
    key: str = ""
    clients: dict[tuple[str, str | None], Client] = field(default_factory=dict)

    def compose(self, *arguments: str) -> str:
        """What the command printed. `arguments` as after `docker compose`."""
        return self.docker("compose", "--env-file", os.devnull, "--profile", "demo", *arguments)

    def docker(self, *arguments: str) -> str:
        command = ["docker", *arguments]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
            start_new_session=True,  # Compose asks the terminal; in the background it would be stopped for that
        )
        assert done.returncode == 0, f"{' '.join(command)}: {(done.stdout + done.stderr)[-3000:]}"
        return done.stdout + done.stderr

    def up(self) -> None:
        self.compose("up", "--detach", "--wait", "--no-build", "--scale", "sla-worker=2")

    def containers(self) -> dict[str, dict[str, Any]]:
        """What Docker knows of each, by name; those that have ended too."""
        ids = self.docker("ps", "--all", "--quiet", "--filter", f"label=com.docker.compose.project={self.name}").split()
        found: list[dict[str, Any]] = json.loads(self.docker("inspect", *ids))
        return {container["Name"].removeprefix(f"/{self.name}-"): container for container in found}

    def client(self, service: str, agent: str | None = None) -> Client:
        if (service, agent) not in self.clients:
            self.clients[service, agent] = Client(self.urls[service], self.key, agent)
        return self.clients[service, agent]

    def hang_up(self) -> None:
        for client in self.clients.values():
            client.close()


@contextmanager
def running() -> Iterator[Project]:
    """Built and up, with two sla workers. At the end nothing of it is left."""
    name, ports = f"relaydesk-test-{uuid.uuid4().hex[:8]}", free_ports(4)
    published = {f"RELAYDESK_{api.upper()}_PORT": str(port) for api, port in zip(_APIS, ports, strict=True)}
    urls = {api: f"http://127.0.0.1:{port}" for api, port in zip(_APIS, ports, strict=True)}
    project = Project(name, {"COMPOSE_PROJECT_NAME": name, "RELAYDESK_IMAGE": name, **published}, urls)
    project.docker("build", "--network", "host", "--quiet", "--tag", name, ".")
    try:
        project.up()
        [project.key] = API_KEY.findall(project.compose("logs", "setup"))
        yield project
    finally:
        project.hang_up()
        project.compose("down", "--volumes", "--timeout", "5")
        project.docker("image", "rm", "--force", name)
