"""What `relaydesk secrets` makes: who holds which secret, and what happens when one is deleted."""

from pathlib import Path
from stat import S_IMODE

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from cli.setup.secrets import environment_of, make

MONGO, AMQP = "mongodb://administrator@mongo:27017/?replicaSet=rs0", "amqp://administrator@rabbitmq:5672/%2F"
MANAGEMENT = "http://rabbitmq:15672"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make(tmp_path, MONGO, AMQP, MANAGEMENT)
    return tmp_path


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_each_holder_has_its_own_files_and_no_others(folder: Path) -> None:
    held = {holder.name: sorted(path.name for path in holder.iterdir()) for holder in folder.iterdir()}
    public = ["agents_public_key", "requesters_public_key"]
    assert held == {
        "setup": ["amqp_url", "link_secret", "management_url", "mongo_url"],
        "mongo": ["keyfile", "root_password"],
        "rabbitmq": ["rabbitmq.conf"],
        "intake": sorted(
            ["amqp_url", "mongo_url", "mail_secret", "link_secret", "requesters_signing_key", *public],
        ),
        "assignment": sorted(["amqp_url", "mongo_url", "link_secret", "agents_signing_key", *public]),
        "sla": sorted(["amqp_url", "mongo_url", *public]),
        "notify": sorted(["amqp_url", "mongo_url", "mail_secret", "link_secret", *public]),
        "submitter": ["amqp_url"],
        "listener": ["amqp_url"],
    }


def test_only_the_owner_reads_them_but_for_what_the_servers_need(folder: Path) -> None:
    modes = {
        str(path.relative_to(folder)): S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()
    }
    for_servers = {"mongo/keyfile", "mongo/root_password", "rabbitmq/rabbitmq.conf"}
    assert {name for name, mode in modes.items() if mode == 0o440} == for_servers
    assert {mode for name, mode in modes.items() if name not in for_servers} == {0o400}


def test_every_account_has_a_password_of_its_own(folder: Path) -> None:
    addresses = [text for name, text in contents(folder).items() if name.endswith(("mongo_url", "amqp_url"))]
    passwords = {address.split("@")[0].rpartition(":")[2] for address in addresses}
    assert len(passwords) == len(addresses) == 12
    assert (folder / "sla" / "mongo_url").read_text().startswith("mongodb://relaydesk-sla:")
    assert (folder / "sla" / "mongo_url").read_text().endswith("@mongo:27017/?replicaSet=rs0")
    assert (folder / "listener" / "amqp_url").read_text().startswith("amqp://listener:")


def test_the_servers_know_the_administrators_password(folder: Path) -> None:
    password = (folder / "mongo" / "root_password").read_text()
    assert (folder / "setup" / "mongo_url").read_text() == MONGO.replace("@", f":{password}@")
    account = (folder / "setup" / "amqp_url").read_text().split("@")[0].removeprefix("amqp://administrator:")
    assert (
        f"default_user = administrator\ndefault_pass = {account}\n"
        in (folder / "rabbitmq" / "rabbitmq.conf").read_text()
    )


def test_a_second_run_changes_nothing(folder: Path) -> None:
    before = contents(folder)
    make(folder, MONGO, AMQP, MANAGEMENT)
    assert contents(folder) == before


def test_a_deleted_secret_is_renewed_and_the_others_stay(folder: Path) -> None:
    before = contents(folder)
    (folder / "sla" / "amqp_url").unlink()
    make(folder, MONGO, AMQP, MANAGEMENT)
    assert {name for name, text in contents(folder).items() if before[name] != text} == {"sla/amqp_url"}


def test_a_renewed_signing_key_takes_its_public_keys_with_it(folder: Path) -> None:
    (folder / "assignment" / "agents_signing_key").unlink()
    make(folder, MONGO, AMQP, MANAGEMENT)
    signing = OKPKey.import_key((folder / "assignment" / "agents_signing_key").read_text())
    token = jws.serialize_compact({"alg": "Ed25519"}, b"dana", signing, algorithms=["Ed25519"])
    for service in ("intake", "assignment", "sla", "notify"):
        public = OKPKey.import_key((folder / service / "agents_public_key").read_text())
        assert not public.is_private
        assert jws.deserialize_compact(token, public, algorithms=["Ed25519"]).payload == b"dana"


def test_servers_without_accounts_are_used_as_they_are(tmp_path: Path) -> None:
    make(tmp_path, "mongodb://127.0.0.1:27017/", "amqp://guest:guest@127.0.0.1:5672/", None)
    assert (tmp_path / "sla" / "mongo_url").read_text() == "mongodb://127.0.0.1:27017/"
    assert (tmp_path / "sla" / "amqp_url").read_text() == "amqp://guest:guest@127.0.0.1:5672/"
    assert not (tmp_path / "mongo").exists()
    assert not (tmp_path / "rabbitmq").exists()


def test_a_service_finds_its_secrets_by_the_names_of_its_settings(folder: Path) -> None:
    assert environment_of(folder, "sla") == {
        "RELAYDESK_AGENTS_PUBLIC_KEY_FILE": f"{folder}/sla/agents_public_key",
        "RELAYDESK_AMQP_URL_FILE": f"{folder}/sla/amqp_url",
        "RELAYDESK_MONGO_URL_FILE": f"{folder}/sla/mongo_url",
        "RELAYDESK_REQUESTERS_PUBLIC_KEY_FILE": f"{folder}/sla/requesters_public_key",
    }
