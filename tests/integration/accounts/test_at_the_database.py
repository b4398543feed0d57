"""A server that lets nobody in without a password, as in docker-compose.yml: setup makes a replica set and accounts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from environs import FileAwareEnv
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from cli.local.installs import mongod
from cli.local.ports import free_ports
from cli.local.processes import Child
from cli.setup import run
from cli.setup.addresses import account_in
from cli.setup.secrets import environment_of, make
from shared.store.client import connect
from shared.store.documents import Document

SERVICES = ("intake", "assignment", "sla", "notify")
UNAUTHORIZED = 13


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Their folder; the server named in it runs, with the administrator's account alone."""
    folder, [port] = tmp_path_factory.mktemp("guarded"), free_ports(1)
    make(folder / "secrets", f"mongodb://administrator@127.0.0.1:{port}/?replicaSet=rs0", "amqp://unused.example", None)
    (folder / "data").mkdir()
    (folder / "keyfile").write_text((folder / "secrets" / "mongo" / "keyfile").read_text())
    (folder / "keyfile").chmod(0o400)
    open_to_all = [str(mongod(_quietly)), "--port", str(port), "--bind_ip", "127.0.0.1", "--nounixsocket"]
    open_to_all += ["--dbpath", str(folder / "data"), "--wiredTigerCacheSizeGB", "0.25"]
    guarded = [*open_to_all, "--replSet", "rs0", "--keyFile", str(folder / "keyfile")]
    process = Child("mongod", open_to_all, {}, folder / "mongod.log")
    process.start()
    try:
        _make_administrator(port, (folder / "secrets" / "mongo" / "root_password").read_text())
        process.stop()
        process.command = guarded
        process.start()
        yield folder / "secrets"
    finally:
        process.stop()


def _make_administrator(port: int, password: str) -> None:
    with MongoClient[Document]("127.0.0.1", port, directConnection=True) as client:
        client.admin.command("createUser", "administrator", pwd=password, roles=["root"])


def _quietly(text: str) -> None:
    """Nobody waits for it."""


@pytest.fixture(scope="module")
def is_set_up(secrets: Path, clean_broker: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment_of(secrets, "setup").items():
            patch.setenv(name, value)
        patch.delenv("RELAYDESK_AMQP_URL_FILE")
        patch.setenv("RELAYDESK_AMQP_URL", clean_broker)
        for _ in range(2):  # the second time nothing is new
            run(FileAwareEnv(), secrets, with_sample_agents=False, with_new_key=False)


@pytest.mark.usefixtures("is_set_up")
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_and_writes_its_own_database_and_no_other(secrets: Path, service: str) -> None:
    with connect((secrets / service / "mongo_url").read_text(), service) as client:
        own = client[f"helpdesk_{service}"]
        own["probe"].insert_one({"_id": service})
        assert own["probe"].find_one() == {"_id": service}
        with client.start_session() as session, session.start_transaction():
            own["probe"].delete_one({"_id": service}, session=session)
        for other in (*(f"helpdesk_{name}" for name in SERVICES if name != service), "admin", "local", "another"):
            assert refused(client, other, find="tickets")
            assert refused(client, other, insert="tickets", documents=[{}])
        assert refused(client, "admin", usersInfo=1)
        assert refused(client, "admin", shutdown=1)
        assert client.list_database_names() == [own.name]


def refused(client: MongoClient[Document], database: str, **command: object) -> bool:
    try:
        client[database].command(command)
    except OperationFailure as error:
        return error.code == UNAUTHORIZED
    return False


@pytest.mark.usefixtures("is_set_up")
def test_without_a_password_or_with_another_nobody_gets_in(secrets: Path) -> None:
    address = (secrets / "sla" / "mongo_url").read_text()
    user, password = account_in(address)
    for wrong in (address.replace(f"{user}:{password}@", ""), address.replace(password, "wrong")):
        with (
            connect(wrong, "nobody") as client,
            pytest.raises(OperationFailure, match=r"requires authentication|Authentication failed"),
        ):
            client["helpdesk_sla"]["clocks"].find_one()


@pytest.mark.usefixtures("is_set_up")
def test_a_renewed_password_takes_the_place_of_the_old_one(secrets: Path, clean_broker: str) -> None:
    old = (secrets / "notify" / "mongo_url").read_text()
    (secrets / "notify" / "mongo_url").unlink()
    administrator = (secrets / "setup" / "mongo_url").read_text()
    make(secrets, administrator, "amqp://unused.example", None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RELAYDESK_MONGO_URL", administrator)
        patch.setenv("RELAYDESK_AMQP_URL", clean_broker)
        run(FileAwareEnv(), secrets, with_sample_agents=False, with_new_key=False)
    with connect((secrets / "notify" / "mongo_url").read_text(), "notify") as client:
        client["helpdesk_notify"]["deliveries"].find_one()
    with connect(old, "notify") as client, pytest.raises(OperationFailure, match="Authentication failed"):
        client["helpdesk_notify"]["deliveries"].find_one()
