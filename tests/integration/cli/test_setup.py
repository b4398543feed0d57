import socket
from collections.abc import Iterator

import pika
import pytest
from click.testing import CliRunner
from environs import FileAwareEnv
from pymongo.database import Database

from cli import setup
from cli.setup import command
from cli.setup.run import Shown
from shared.store.documents import Document


@pytest.fixture
def env(
    database: Database[Document], mongo_url: str, clean_amqp_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FileAwareEnv]:
    monkeypatch.setenv("RELAYDESK_MONGO_URL", mongo_url)
    monkeypatch.setenv("RELAYDESK_AMQP_URL", clean_amqp_url)
    monkeypatch.setenv("RELAYDESK_DATABASE_PREFIX", database.name)
    yield FileAwareEnv()
    for service in setup.INDEXES:
        database.client.drop_database(f"{database.name}_{service}")


def test_the_first_run_makes_queues_and_defaults_and_shows_a_key(
    env: FileAwareEnv, database: Database[Document], clean_amqp_url: str
) -> None:
    key = setup.run(env, with_sample_agents=True, with_new_key=False).api_key
    assert key is not None
    assert key.startswith("rdk_")
    with pika.BlockingConnection(pika.URLParameters(clean_amqp_url)) as connection:
        channel = connection.channel()
        for queue in (
            "intake.inbox",
            "intake.submissions",
            "assignment.inbox",
            "sla.inbox",
            "sla.signs",
            "notify.inbox",
        ):
            channel.queue_declare(queue, passive=True)
    intake = database.client[f"{database.name}_intake"]
    assert sorted(topic["_id"] for topic in intake["topics"].find()) == [
        "access",
        "billing",
        "general",
        "hardware",
        "monitoring",
        "network",
    ]


def test_the_second_run_changes_nothing_and_shows_no_key(env: FileAwareEnv, database: Database[Document]) -> None:
    setup.run(env, with_sample_agents=True, with_new_key=False)
    before = _events(database)
    assert setup.run(env, with_sample_agents=True, with_new_key=False) == Shown(None, None)
    assert _events(database) == before


def test_a_lost_key_can_be_replaced(env: FileAwareEnv) -> None:
    first = setup.run(env, with_sample_agents=False, with_new_key=False).api_key
    second = setup.run(env, with_sample_agents=False, with_new_key=True).api_key
    assert second is not None
    assert second != first


@pytest.mark.parametrize("address", ["ada at desk", "jürgen@desk.example", "ada@münchen.example"])
def test_an_impossible_administrator_is_refused_in_a_sentence_and_costs_no_key(
    env: FileAwareEnv, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("RELAYDESK_LINK_SECRET", "a secret for tests only")
    refused = CliRunner().invoke(command.setup, ["--administrator", address])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == (
        "Error: No administrator was invited. address: Must be a mail address in plain ASCII of at most 254 characters;"
        " other letters in a domain are written in punycode, as in xn--exmple-cua.de.\n"
    )
    done = setup.run(env, administrator="ada@desk.example", with_sample_agents=False, with_new_key=False)
    assert done.api_key is not None
    assert done.invitation is not None
    assert done.invitation.startswith("http://127.0.0.1:8002/v1/invitations/")


def test_a_desk_that_has_an_administrator_does_not_look_at_the_address_of_another(
    env: FileAwareEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELAYDESK_LINK_SECRET", "a secret for tests only")
    setup.run(env, administrator="ada@desk.example", with_sample_agents=False, with_new_key=False)
    again = setup.run(env, administrator="jürgen@desk.example", with_sample_agents=False, with_new_key=False)
    assert again == Shown(None, None)


def test_the_first_run_says_whether_a_mail_server_answers(env: FileAwareEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELAYDESK_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("RELAYDESK_SMTP_PORT", "1")
    lonely = CliRunner().invoke(command.setup, [])
    assert lonely.exit_code == 0
    assert lonely.stdout.startswith("The administrator's API key, shown this once:")
    assert lonely.stdout.endswith(
        "All is in place.\nNo mail server answers at 127.0.0.1:1 ([Errno 111] Connection refused): mails wait for one."
        " Name yours in RELAYDESK_SMTP_HOST and RELAYDESK_SMTP_PORT.\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("RELAYDESK_SMTP_PORT", str(server.getsockname()[1]))
        assert CliRunner().invoke(command.setup, []).stdout == "All is in place.\n"


def _events(database: Database[Document]) -> dict[str, int]:
    names = [f"{database.name}_{service}" for service in setup.INDEXES]
    return {name: database.client[name]["event_log"].count_documents({}) for name in names}
