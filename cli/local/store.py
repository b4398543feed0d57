"""A private mongod: a replica set of one, on the loopback interface only."""

from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from cli.local.installs import Say, mongod
from cli.local.ports import free_ports
from cli.local.processes import Child


class Store:
    def __init__(self, folder: Path, say: Say, with_fail_points: bool = False) -> None:
        """`with_fail_points`: the server can be told to fail, for the tests."""
        [self._port] = free_ports(1)
        self.url = f"mongodb://127.0.0.1:{self._port}/?directConnection=true"
        data = folder / "data"
        data.mkdir(parents=True)
        command = [
            *(str(mongod(say)), "--replSet", "rs0", "--bind_ip", "127.0.0.1", "--port", str(self._port)),
            *("--dbpath", str(data), "--nounixsocket", "--wiredTigerCacheSizeGB", "0.5"),
            # what a killed process leaves open blocks its documents until then: docs/decisions/0002
            *("--setParameter", "transactionLifetimeLimitSeconds=5"),
            # a primary without secondaries has nobody to wait for when it is told to stop
            *("--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100"),
            *(("--setParameter", "enableTestCommands=1") if with_fail_points else ()),
        ]
        self.process = Child("mongod", command, {}, folder / "mongod.log")

    def start(self) -> None:
        self.process.start()

    def wait_ready(self) -> None:
        with MongoClient[dict[str, Any]](self.url, serverSelectionTimeoutMS=200) as client:
            self.process.wait_ready(lambda: is_primary(client, f"127.0.0.1:{self._port}"), 60)

    def stop(self) -> None:
        self.process.stop()


def is_primary(client: MongoClient[dict[str, Any]], member: str) -> bool:
    """Whether the server takes writes by now; makes it a replica set of one (`member`: its host:port) if it is none."""
    try:
        hello = client.admin.command("hello")
        if not hello.get("setName"):
            members = [{"_id": 0, "host": member}]
            client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
        return bool(hello["isWritablePrimary"] and hello.get("setName"))
    except PyMongoError:
        return False  # not up yet, or initiated a moment ago
