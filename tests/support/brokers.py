"""A real MongoDB and a real RabbitMQ for the tests: from addresses in the environment, containers, or processes."""

import gc
import os
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import docker
from docker.errors import DockerException
from pymongo import MongoClient
from testcontainers.core.container import DockerContainer

from cli.local.broker import Broker, answers
from cli.local.store import Store, is_primary
from tests.support.eventually import eventually

MONGO_VARIABLE = "RELAYDESK_TEST_MONGO_URL"
AMQP_VARIABLE = "RELAYDESK_TEST_AMQP_URL"
MANAGEMENT_VARIABLE = "RELAYDESK_TEST_MANAGEMENT_URL"


@dataclass(frozen=True)
class Brokers:
    """`management_url`: RabbitMQ's management API, without which there are no accounts but the administrator's."""

    mongo_url: str
    amqp_url: str
    management_url: str | None = None


def source() -> str:
    """Where they will come from: `environment`, `testcontainers` or `local processes`."""
    named = [variable for variable in (MONGO_VARIABLE, AMQP_VARIABLE) if os.environ.get(variable)]
    if len(named) == 1:
        raise RuntimeError(f"{named[0]} is set: set {MONGO_VARIABLE} and {AMQP_VARIABLE} both, or none of them.")
    if named:
        return "environment"
    return "testcontainers" if _docker_answers() else "local processes"


@contextmanager
def opened() -> Iterator[Brokers]:
    """Both, until the end of the block. Raises cli.local.installs.Unsupported where there is no way to get them."""
    match source():
        case "environment":
            yield Brokers(os.environ[MONGO_VARIABLE], os.environ[AMQP_VARIABLE], os.environ.get(MANAGEMENT_VARIABLE))
        case "testcontainers":
            with _containers() as brokers:
                yield brokers
        case _:
            with _processes() as brokers:
                yield brokers


def _docker_answers() -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the library leaves the socket of a failed look open
        try:
            docker.from_env(timeout=5).close()
        except DockerException:
            has_answered = False
        else:
            has_answered = True
        gc.collect()
    return has_answered


@contextmanager
def _containers() -> Iterator[Brokers]:
    mongo = DockerContainer("mongo:7.0", ports=[27017])
    parameters = "--setParameter enableTestCommands=1 --setParameter transactionLifetimeLimitSeconds=5"
    mongo.with_command(f"--replSet rs0 --bind_ip_all {parameters}")
    rabbit = DockerContainer("rabbitmq:4-management", ports=[5672, 15672])
    with mongo, rabbit:
        brokers = Brokers(
            f"mongodb://{mongo.get_container_host_ip()}:{mongo.get_exposed_port(27017)}/?directConnection=true",
            f"amqp://guest:guest@{rabbit.get_container_host_ip()}:{rabbit.get_exposed_port(5672)}/%2F",
            f"http://{rabbit.get_container_host_ip()}:{rabbit.get_exposed_port(15672)}",
        )
        with MongoClient[dict[str, Any]](brokers.mongo_url, serverSelectionTimeoutMS=500) as client:
            eventually(lambda: is_primary(client, "127.0.0.1:27017"), within=60)
        eventually(lambda: answers(brokers.amqp_url), within=90)
        yield brokers


@contextmanager
def _processes() -> Iterator[Brokers]:
    with ExitStack() as leaving:
        folder = Path(leaving.enter_context(TemporaryDirectory(prefix="relaydesk-tests-", ignore_cleanup_errors=True)))
        folder.chmod(0o711)  # the broker's own user must get through, which pytest's folders don't allow
        store = Store(folder / "store", _quietly, with_fail_points=True)
        broker = Broker(folder / "broker", _quietly)
        for part in (store, broker):
            leaving.callback(part.stop)
            part.start()
        store.wait_ready()
        broker.wait_ready()
        yield Brokers(store.url, broker.url, broker.management_url)


def _quietly(text: str) -> None:
    """The header of the test run has said it already."""
