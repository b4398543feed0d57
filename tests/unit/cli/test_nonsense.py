"""What can't be meant is refused in one sentence that names the setting or the argument, before anything is asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from pymongo import MongoClient

from cli.failures import Failure
from cli.setup.management import Management
from tests.support.operator import Operator

NOBODY = Operator(
    {
        "RELAYDESK_MONGO_URL": "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100",
        "RELAYDESK_AMQP_URL": "amqp://guest:guest@127.0.0.1:1/",
        "RELAYDESK_API_KEY": "rdk_a_key",
        "RELAYDESK_URL": "",
        "RELAYDESK_INTAKE_URL": "http://127.0.0.1:1",
    }
)
MONGO = "Error: RELAYDESK_MONGO_URL must look like mongodb://user:password@127.0.0.1:27017/?replicaSet=rs0 ("
BROKER = "Error: RELAYDESK_AMQP_URL must look like amqp://user:password@127.0.0.1:5672/%2F ("


@contextmanager
def answering(status: int, kind: str, body: bytes, **headers: str) -> Iterator[str]:
    """The address of a server that answers every GET like this."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `status` would wait for is a store that isn't there, and five seconds."""
    monkeypatch.setattr("cli.desk.connect", lambda url, _: MongoClient(url))  # for as long as its address says


@pytest.mark.parametrize("command", [("check",), ("status",), ("setup",), ("replay", "--since", "2026-11-01")])
@pytest.mark.parametrize("url", ["", "nonsense", "mongodb://localhost:abc", "mongodb://[::1", "mongodb://h/?tls=maybe"])
def test_an_impossible_address_of_the_store(command: tuple[str, ...], url: str) -> None:
    answer = NOBODY.but(RELAYDESK_MONGO_URL=url).types(*command)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith(MONGO)
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("command", [("check",), ("status",), ("setup",), ("events", "tail")])
@pytest.mark.parametrize("url", ["", "nonsense", "http://h", "amqp://h:xx/", "amqp://%zz@h", "amqp://h/?heartbeat=x"])
def test_an_impossible_address_of_the_broker(command: tuple[str, ...], url: str) -> None:
    answer = NOBODY.but(RELAYDESK_AMQP_URL=url).types(*command)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith(BROKER)
    assert answer.err.count("\n") == 1


def test_before_there_are_secrets_an_administrator_needs_no_password_but_a_possible_address(tmp_path: Path) -> None:
    new = NOBODY.but(
        RELAYDESK_MONGO_URL="mongodb://administrator@mongo:27017/?replicaSet=rs0",
        RELAYDESK_AMQP_URL="amqp://administrator@rabbitmq:5672/%2F",
    )
    assert new.types("secrets", str(tmp_path / "secrets")).out == "The secrets are there.\n"
    broken = new.but(RELAYDESK_AMQP_URL="amqp://administrator@rabbitmq:xx/").types("secrets", str(tmp_path / "none"))
    assert broken.code == 1
    assert broken.err.startswith(BROKER)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(("prefix", "name"), [("a b", "a b_intake"), ("x" * 60, "x" * 60 + "_intake")])
def test_a_prefix_that_names_no_database(prefix: str, name: str) -> None:
    answer = NOBODY.but(RELAYDESK_DATABASE_PREFIX=prefix).types("check")
    assert (answer.code, answer.err) == (
        1,
        (
            f"Error: RELAYDESK_DATABASE_PREFIX makes {name!r}, which can't name a database: take up to 50 letters,"
            " digits, - and _.\n"
        ),
    )


def test_a_file_of_a_setting_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "url").write_bytes(b"\xff\xfe")
    answer = NOBODY.but(RELAYDESK_MONGO_URL_FILE=str(tmp_path / "url")).types("check")
    assert answer.code == 1
    assert answer.err == ("Error: A file that a RELAYDESK_…_FILE names is no text: name the one with the value.\n")


@pytest.mark.parametrize("url", ["nonsense", "http://127.0.0.1:80x", "http://[::1", "http://" + "a" * 80])
def test_an_impossible_address_of_an_api(url: str) -> None:
    answer = NOBODY.but(RELAYDESK_INTAKE_URL=url).types("ticket", "show", "x")
    assert (answer.code, answer.err) == (
        69,
        (
            f"Error: {url!r} is no address of an API: it must look like http://127.0.0.1:8001. RELAYDESK_INTAKE_URL, or"
            " else RELAYDESK_URL, says where intake is.\n"
        ),
    )


@pytest.mark.usefixtures("impatient")
def test_status_names_an_impossible_address_of_an_api() -> None:
    answer = NOBODY.but(RELAYDESK_INTAKE_URL="http://127.0.0.1:80x").types("status")
    assert answer.code == 69
    assert "intake is down: no answer: nonnumeric port: '80x'" in answer.out


def test_a_proxy_that_leads_elsewhere() -> None:
    with answering(301, "text/html", b"<html>", Location="https://desk.example/") as url:
        answer = NOBODY.but(RELAYDESK_INTAKE_URL="", RELAYDESK_URL=url).types("ticket", "show", "x")
    assert (answer.code, answer.err) == (
        69,
        (
            f"Error: {url} answers 301 and leads to https://desk.example/: name the API itself. RELAYDESK_INTAKE_URL,"
            " or else RELAYDESK_URL, says where intake is.\n"
        ),
    )


@pytest.mark.usefixtures("impatient")
def test_a_page_where_an_api_should_be() -> None:
    with answering(200, "text/html", b"<html>\xff") as url:
        nobody = NOBODY.but(RELAYDESK_INTAKE_URL=url)
        answer, seen = nobody.types("ticket", "show", "x"), nobody.types("status")
    assert (answer.code, answer.err) == (
        69,
        (
            f"Error: {url} is no API: its answer is no JSON. RELAYDESK_INTAKE_URL, or else RELAYDESK_URL, says where"
            " intake is.\n"
        ),
    )
    assert "intake is down: no API of ours answers there: set RELAYDESK_INTAKE_URL" in seen.out


@pytest.mark.parametrize("ticket_id", ["ä", "a b", "../x?y", "\n"])
def test_an_impossible_id_of_a_ticket_is_asked_for_as_it_is(ticket_id: str) -> None:
    with answering(404, "application/problem+json", b'{"detail": "There is no such ticket."}') as url:
        answer = NOBODY.but(RELAYDESK_INTAKE_URL=url).types("ticket", "show", ticket_id)
    assert (answer.code, answer.err) == (1, "Error: There is no such ticket.\n")


@pytest.mark.parametrize("key", ["ä", "rdk_a\nb"])
def test_an_impossible_key(key: str) -> None:
    answer = NOBODY.but(RELAYDESK_API_KEY=key).types("ticket", "show", "x")
    assert (answer.code, answer.err) == (
        1,
        "Error: RELAYDESK_API_KEY is no key: it must be what `relaydesk setup` showed, rdk_…, and no more.\n",
    )


@pytest.mark.parametrize("url", ["nonsense", "http://h:xx", "ftp://h"])
def test_an_impossible_address_of_the_brokers_management(url: str) -> None:
    with pytest.raises(Failure, match=r"^RELAYDESK_MANAGEMENT_URL must look like http://127\.0\.0\.1:15672\.$"):
        Management(url, "administrator", "secret")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("replay", "--since", "1960-01-01"), "'1960-01-01' is no moment"),
        (("replay", "--since", "9999-12-31T23:59-12:00"), "'9999-12-31T23:59-12:00' is no moment"),
        (("catch-mail", "--folder", "mails", "--port", "99999999"), "99999999 is not in the range"),
        (
            ("ticket", "submit", "--requester", "a@b.c", "--subject", "x", "--text", "y", "--once", "ä"),
            "write it with letters, digits and signs of ASCII alone",
        ),
    ],
    ids=["before 1970", "after 9999", "port", "once"],
)
def test_an_impossible_argument_is_wrong_usage(words: tuple[str, ...], sentence: str) -> None:
    answer = NOBODY.types(*words)
    assert answer.code == 2
    assert sentence in answer.err
