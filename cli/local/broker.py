"""A private RabbitMQ: own node name, name server, folders and ports, on the loopback interface only."""

import os
import secrets
import shutil
import socket
from pathlib import Path

import pika
from pika.exceptions import AMQPError

from cli.local.installs import Say, rabbitmq_server
from cli.local.ports import free_ports
from cli.local.processes import Child, stop_together


class Broker:
    """Started by root it runs as the user rabbitmq, who owns the folder (every user must be able to reach it)."""

    def __init__(self, folder: Path, say: Say, port: int | None = None) -> None:
        amqp, management, distribution, names = free_ports(4)
        self._port = port or amqp
        password = secrets.token_urlsafe(24)
        self.url = f"amqp://administrator:{password}@127.0.0.1:{self._port}/%2F"
        self.management_url = f"http://127.0.0.1:{management}"
        program = rabbitmq_server(say)
        user = "rabbitmq" if os.geteuid() == 0 else None
        (folder / "mnesia").mkdir(parents=True)
        (folder / "enabled_plugins").write_text("[rabbitmq_management].\n")
        settings = folder / "rabbitmq.conf"
        settings.touch(0o600)
        settings.write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self._port}\n"
            f"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {management}\n"
            f"default_user = administrator\ndefault_pass = {password}\n"
            "log.console = true\nlog.file = false\n"
        )
        if user:
            for path in (folder, *folder.iterdir()):
                shutil.chown(path, user, user)
        environment = {
            "HOME": str(folder),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(names),
            "RABBITMQ_NODENAME": f"relaydesk{self._port}@localhost",
            "RABBITMQ_NODE_PORT": str(self._port),
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
            "RABBITMQ_FEATURE_FLAGS_FILE": str(folder / "mnesia" / "feature_flags"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RUNNING_UNDER_SYSTEMD": "true",  # then the script becomes the broker instead of waiting beside it
        }
        # Erlang's name server would stay behind as a daemon if the broker had to start it.
        self._names = Child("epmd", [_epmd()], environment, folder / "epmd.log", folder, user)
        self.process = Child("rabbitmq", [str(program)], environment, folder / "rabbitmq.log", folder, user)

    def start(self) -> None:
        if not self._names.is_running():
            self._names.start()
        self.process.start()

    def wait_ready(self) -> None:
        self.process.wait_ready(lambda: answers(self.url), 90)

    def stop(self) -> None:
        self.process.stop()
        stop_together([self._names])


def answers(url: str) -> bool:
    """Whether a broker there speaks AMQP by now. pika logs every refused connection, so a bare socket tries first."""
    parameters = pika.URLParameters(url)
    try:
        socket.create_connection((parameters.host, parameters.port), timeout=2).close()
        pika.BlockingConnection(parameters).close()
    except (AMQPError, OSError):
        return False
    return True


def _epmd() -> str:
    return shutil.which("epmd") or next(str(found) for found in Path("/usr/lib/erlang").glob("erts-*/bin/epmd"))
